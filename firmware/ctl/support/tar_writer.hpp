#pragma once

#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

// A tar archive (POSIX.1-1988 ustar) in memory, each file 0600 of nobody in particular.
class TarWriter {
 public:
  explicit TarWriter(UtcTime time) : time_(time) {}

  // Preconditions (CHECK): a name of 1 to 99 bytes without a leading slash, contents below 1 GiB.
  void add(const std::string& name, std::string_view contents);
  // With the two empty blocks that end an archive.
  Bytes finish() &&;

 private:
  UtcTime time_;
  Bytes out_;
};

}  // namespace certrelay
