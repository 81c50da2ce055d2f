#pragma once

#include <memory>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Bytes from somewhere, once, from beginning to end. Whoever implements it knows files or sealed
// streams; this room does not.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;
  // Fills at least one byte of a non-empty `out`; 0 at the end and only there.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
};

// Bytes in memory, which must outlive it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : rest_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min(out.size(), rest_.size());
    std::copy_n(rest_.begin(), count, out.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  ByteView rest_;
};

// The files of one extract by name. Sources may be open side by side; a caller that reads them
// one after the other in the manifest's order costs one pass.
class ExtractFiles {
 public:
  ExtractFiles() = default;
  ExtractFiles(const ExtractFiles&) = delete;
  ExtractFiles& operator=(const ExtractFiles&) = delete;
  virtual ~ExtractFiles() = default;
  // Errors: kNotFound, kIoError, and the implementation's own.
  virtual Result<std::unique_ptr<ByteSource>> open(std::string_view name) = 0;
};

}  // namespace certrelay
