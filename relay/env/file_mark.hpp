// A file's length and SHA-256.
#pragma once

#include "protocol/base/sha256.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

struct FileMark {
  std::uint64_t bytes = 0;
  Digest sha256{};
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// Piece by piece, so that it takes no memory of the file's size. Errors: the file system's.
Result<FileMark> mark_of(Files& files, const std::string& path);

}  // namespace certrelay
