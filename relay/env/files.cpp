#include "relay/env/files.hpp"

namespace certrelay {

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

}  // namespace certrelay
