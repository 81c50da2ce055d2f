#pragma once

#include "relay/env/files.hpp"

namespace certrelay {

// Space that nothing else can take: a file beside the ledger, given up when the disk is full, so
// that what was begun can be ended and alarms be written.
class DiskReserve {
 public:
  // `files` must outlive it. `path` is the ledger's; the reserve lies beside it.
  DiskReserve(Files& files, const std::string& path, std::size_t bytes)
      : files_(files), path_(path + ".reserve"), probe_path_(path + ".probe"), bytes_(bytes) {}

  // Whether the space is set aside.
  bool held() const { return held_; }
  // Sets it aside, durably. Errors: those of Files; then nothing of it stays.
  Result<void> take();
  // Gives it up. Errors: those of Files.
  Result<void> give_up();
  // Whether the file system takes something new and makes it durable: writes a small file, syncs
  // it, removes it. Errors: those of Files.
  Result<void> probe();

 private:
  Result<void> write(const std::string& path, std::size_t bytes);

  Files& files_;
  std::string path_;
  std::string probe_path_;
  std::size_t bytes_;
  bool held_ = false;
};

}  // namespace certrelay
