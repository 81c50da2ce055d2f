#include "protocol/base/utf8.hpp"

#include <array>
#include <cstdint>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

struct Decoded {
  char32_t point;
  std::size_t length;  // 0: ill-formed
};

Decoded decode_one(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {0, 0};
  char32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {0, 0};
    point = (point << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest.at(length) || surrogate || point > 0x10FFFF) return {0, 0};
  return {point, length};
}

}  // namespace

Result<std::u32string> decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [point, length] = decode_one(text);
    if (length == 0) return Error{ErrorCode::kInvalidUtf8, "utf8: ill-formed"};
    out.push_back(point);
    text.remove_prefix(length);
  }
  return out;
}

bool is_strict_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto [point, length] = decode_one(text);
    if (length == 0 || point == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_utf8(std::string& out, char32_t point) {
  CERTRELAY_CHECK(point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF));
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string encode_utf8(std::u32string_view points) {
  std::string out;
  for (const auto point : points) append_utf8(out, point);
  return out;
}

}  // namespace certrelay
