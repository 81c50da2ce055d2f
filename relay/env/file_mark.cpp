#include "relay/env/file_mark.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;

}  // namespace

Result<FileMark> mark_of(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kRead));
  FileMark out;
  Sha256 hash;
  Bytes block(kPieceBytes);
  for (;;) {
    CERTRELAY_TRY(const auto count, file->read_at(out.bytes, block));
    if (count == 0) break;
    hash.add(ByteView(block).first(count));
    out.bytes += count;
  }
  out.sha256 = hash.finish();
  return out;
}

}  // namespace certrelay
