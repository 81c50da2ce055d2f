#include "protocol/base/codec.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr Error kTruncated{ErrorCode::kMalformed, "bytes: truncated"};

}  // namespace

void ByteWriter::u16(std::uint16_t value) {
  u8(static_cast<std::uint8_t>(value >> 8));
  u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value));
}

void ByteWriter::u64(std::uint64_t value) {
  u32(static_cast<std::uint32_t>(value >> 32));
  u32(static_cast<std::uint32_t>(value));
}

void ByteWriter::short_bytes(ByteView bytes) {
  CERTRELAY_CHECK(bytes.size() <= 0xFFFF);
  u16(static_cast<std::uint16_t>(bytes.size()));
  raw(bytes);
}

Result<std::uint64_t> ByteReader::number(std::size_t width) {
  CERTRELAY_TRY(const auto bytes, raw(width));
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = (value << 8) | byte;
  return value;
}

// Lengths and flags are most of what is ever read: these two without a step between.
Result<std::uint8_t> ByteReader::u8() {
  if (rest_.empty()) return kTruncated;
  const auto value = rest_[0];
  rest_ = rest_.subspan(1);
  return value;
}

Result<std::uint16_t> ByteReader::u16() {
  if (rest_.size() < 2) return kTruncated;
  const auto value = static_cast<std::uint16_t>(rest_[0] << 8U | rest_[1]);
  rest_ = rest_.subspan(2);
  return value;
}

Result<std::uint32_t> ByteReader::u32() {
  CERTRELAY_TRY(const auto value, number(4));
  return static_cast<std::uint32_t>(value);
}

Result<std::uint64_t> ByteReader::u64() { return number(8); }

Result<ByteView> ByteReader::raw(std::size_t length) {
  if (length > rest_.size()) return kTruncated;
  const auto out = rest_.first(length);
  rest_ = rest_.subspan(length);
  return out;
}

Result<ByteView> ByteReader::short_bytes(std::size_t max) {
  CERTRELAY_TRY(const auto length, u16());
  if (length > max) return Error{ErrorCode::kLimitExceeded, "bytes: field too long"};
  return raw(length);
}

Result<void> ByteReader::expect_end() const {
  if (!at_end()) return Error{ErrorCode::kTrailingBytes, "bytes: trailing"};
  return ok();
}

}  // namespace certrelay
