#include "relay/env/files.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr std::uint64_t kOverwriteBlock = std::uint64_t{1024} * 1024;

}  // namespace

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<Bytes> Files::read_all(const std::string& path, std::size_t bytes_max) {
  CERTRELAY_TRY(const auto file, open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto size, file->size());
  if (size > bytes_max) return Error{ErrorCode::kLimitExceeded, "files: file too large"};
  Bytes out(static_cast<std::size_t>(size));
  CERTRELAY_TRY(const auto got, file->read_at(0, out));
  if (got != out.size()) return Error{ErrorCode::kIoError, "files: file shrank while read"};
  return out;
}

Result<void> Files::write_durably(const std::string& path, ByteView bytes) {
  const auto fresh = path + ".new";
  {
    // A leftover of an interrupted write is overwritten, never appended to.
    CERTRELAY_TRY(const auto file, open(fresh, OpenMode::kCreate));
    CERTRELAY_TRY(file->truncate(0));
    CERTRELAY_TRY(file->write_at(0, bytes));
    CERTRELAY_TRY(file->sync());
  }
  CERTRELAY_TRY(rename(fresh, path));
  return sync_folder(folder_of(path));
}

Result<void> Files::overwrite_and_remove(const std::string& path) {
  {
    auto opened = open(path, OpenMode::kReadWrite);
    if (!opened && opened.error().code == ErrorCode::kNotFound) return ok();
    if (!opened) return opened.error();
    const auto file = std::move(opened).value();
    CERTRELAY_TRY(const auto size, file->size());
    const Bytes zeros(static_cast<std::size_t>(std::min<std::uint64_t>(size, kOverwriteBlock)));
    for (std::uint64_t at = 0; at < size; at += zeros.size()) {
      const auto count = std::min<std::uint64_t>(zeros.size(), size - at);
      CERTRELAY_TRY(file->write_at(at, ByteView(zeros).first(static_cast<std::size_t>(count))));
    }
    CERTRELAY_TRY(file->sync());
    Bytes back(zeros.size());
    for (std::uint64_t at = 0; at < size; at += back.size()) {
      CERTRELAY_TRY(const auto count, file->read_at(at, back));
      const auto read = ByteView(back).first(count);
      const bool zero = std::all_of(read.begin(), read.end(), [](auto byte) { return byte == 0; });
      if (!zero || count == 0) return Error{ErrorCode::kStoreCorrupt, "files: read back"};
    }
  }
  return remove(path);
}

}  // namespace certrelay
