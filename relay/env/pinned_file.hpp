#pragma once

#include <memory>
#include <string>

#include "relay/env/files.hpp"

namespace certrelay {

// A file's bytes as they were when it was opened: for what is pinned by a digest and used for as
// long as the process lives (the glyph cache). A private copy that not even the process itself can
// write: what changes in the file afterwards, or is no longer readable there, changes no page.
class PinnedFile {
 public:
  // Errors: kNotFound, kIoError (also an empty file, and one that ends early).
  static Result<PinnedFile> open(Files& files, const std::string& path);

  ByteView bytes() const { return {bytes_.get(), bytes_.get_deleter().size}; }

 private:
  struct Unmap {
    std::size_t size = 0;
    void operator()(const std::uint8_t* start) const;
  };
  using Memory = std::unique_ptr<const std::uint8_t, Unmap>;
  explicit PinnedFile(Memory bytes) : bytes_(std::move(bytes)) {}

  Memory bytes_;
};

}  // namespace certrelay
