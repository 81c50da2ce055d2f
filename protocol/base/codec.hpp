// Big-endian reading and writing, the one way binary formats are coded in this repository.
#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Appends to a growing buffer.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void raw(std::string_view text) { raw(as_bytes(text)); }
  // u16 length, then the bytes. Precondition: at most 65,535 bytes (CHECK).
  void short_bytes(ByteView bytes);
  void short_text(std::string_view text) { short_bytes(as_bytes(text)); }

  std::size_t size() const { return out_.size(); }
  Bytes take() && { return std::move(out_); }
  ByteView view() const { return out_; }

 private:
  Bytes out_;
};

// Reads from a view that must outlive it. Every read past the end is kMalformed.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  Result<std::uint8_t> u8();
  Result<std::uint16_t> u16();
  Result<std::uint32_t> u32();
  Result<std::uint64_t> u64();
  Result<ByteView> raw(std::size_t length);
  // u16 length, then so many bytes; more than `max` is kLimitExceeded.
  Result<ByteView> short_bytes(std::size_t max);

  std::size_t remaining() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }
  // kTrailingBytes unless everything was read: each decoder's last line.
  Result<void> expect_end() const;

 private:
  Result<std::uint64_t> number(std::size_t width);
  ByteView rest_;
};

}  // namespace certrelay
