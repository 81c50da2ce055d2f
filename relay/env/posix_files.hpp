#pragma once

#include "relay/env/files.hpp"

namespace certrelay {

// The machine's file system. What it writes to is never reached through a symbolic link in the
// path's last part; what it only reads may be. lock() is flock(2), which also keeps two opens of
// one process apart. Thread-safe, stateless.
class PosixFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<void> remove(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> make_folder(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<Overwriting> overwriting(const std::string& path) override;
};

}  // namespace certrelay
