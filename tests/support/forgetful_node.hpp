// Internal to ForgetfulFiles: one file's bytes, now and on the disk.
#pragma once

#include <random>

#include "tests/support/forgetful_files.hpp"

namespace certrelay::testing {

struct ForgetfulFiles::Node {
  struct Change {
    std::uint64_t offset = 0;  // or the size, of a truncation
    Bytes bytes;
    bool truncates = false;
  };
  Bytes now;
  Bytes durable;
  std::vector<Change> pending;  // since the last sync
  bool locked = false;

  void write(std::uint64_t offset, ByteView bytes);
  void truncate(std::uint64_t size);
  void sync();
  void lose_pending() { pending.clear(); }
  void cut();
  void cut(std::mt19937_64& chance);
};

}  // namespace certrelay::testing
