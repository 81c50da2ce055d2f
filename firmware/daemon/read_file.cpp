#include "firmware/daemon/read_file.hpp"

#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {

Bytes read_configured(const std::string& key, const std::string& path, std::size_t bytes_max) {
  PosixFiles files;
  auto bytes = files.read_all(path, bytes_max);
  if (bytes) return std::move(bytes).value();
  const auto what = key + " " + path;
  switch (bytes.error().code) {
    case ErrorCode::kNotFound:
      throw StartFailure(what + " does not exist", "put the file there or correct the path");
    case ErrorCode::kLimitExceeded:
      throw StartFailure(what + " is too large", "check that it is the right file");
    default:
      throw StartFailure(what + " cannot be read", "check the file's owner and rights");
  }
}

std::string read_configured_text(const std::string& key, const std::string& path,
                                 std::size_t bytes_max) {
  return std::string(as_text(read_configured(key, path, bytes_max)));
}

}  // namespace certrelay
