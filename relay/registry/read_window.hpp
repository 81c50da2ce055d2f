// The piece of a file that was read last. A household's records and keys lie side by side, so that
// one read serves its members. Holds sealed bytes alone, of files that nobody changes while they
// are open; what opens them binds generation and person, so that no piece can pass for another.
#pragma once

#include "relay/env/files.hpp"

namespace certrelay {

// One thread at a time.
class ReadWindow {
 public:
  // `size` bytes from `offset` on, to be looked at until the next call; fewer where the file ends.
  // A read takes up to `around` bytes more on either side. Errors: the file system's.
  Result<ByteView> at(File& file, std::uint64_t offset, std::size_t size, std::size_t around);

 private:
  Bytes held_;
  std::uint64_t first_ = 0;
};

}  // namespace certrelay
