#pragma once

#include <memory>
#include <string>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// A file mapped read-only: for large files that are pinned by a digest and never written (the glyph
// cache), so that all processes share the page cache's copy. A read error kills the process, which
// is the right end for a font that is gone; residents' data are never mapped.
class MappedFile {
 public:
  // Errors: kNotFound, kIoError (also an empty file).
  static Result<MappedFile> open(const std::string& path);

  ByteView bytes() const { return {bytes_.get(), bytes_.get_deleter().size}; }

 private:
  struct Unmap {
    std::size_t size = 0;
    void operator()(const std::uint8_t* start) const;
  };
  explicit MappedFile(const std::uint8_t* start, std::size_t size) : bytes_(start, Unmap{size}) {}
  std::unique_ptr<const std::uint8_t, Unmap> bytes_;
};

}  // namespace certrelay
