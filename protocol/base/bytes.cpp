#include "protocol/base/bytes.hpp"

#include <array>
#include <atomic>
#include <cstring>

namespace certrelay {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

// What each character stands for; kNoDigit: nothing.
constexpr std::uint8_t kNoDigit = 0xFF;
using Digits64 = std::array<std::uint8_t, 256>;
constexpr Digits64 digits_of(std::string_view alphabet) {
  Digits64 out{};
  out.fill(kNoDigit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    out[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return out;
}
constexpr Digits64 kStandardDigits = digits_of(kStandard);
constexpr Digits64 kUrlDigits = digits_of(kUrl);

std::string encode64(ByteView bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) |
                                (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0U) |
                                (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
    out += alphabet[(group >> 18) & 63];
    out += alphabet[(group >> 12) & 63];
    if (left > 1) out += alphabet[(group >> 6) & 63];
    if (left > 2) out += alphabet[group & 63];
    if (pad && left < 3) out.append(3 - left, '=');
  }
  return out;
}

Result<Bytes> decode64(std::string_view text, const Digits64& digits) {
  Bytes out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::uint8_t value = digits[static_cast<std::uint8_t>(c)];
    if (value == kNoDigit) return Error{ErrorCode::kMalformed, "base64: character"};
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> held));
      bits &= (1U << held) - 1;
    }
  }
  if (held >= 6 || bits != 0) return Error{ErrorCode::kMalformed, "base64: trailing bits"};
  return out;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return Error{ErrorCode::kMalformed, "hex: odd length"};
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = kHex.find(text[i]);
    const auto low = kHex.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return Error{ErrorCode::kMalformed, "hex: character"};
    }
    out.push_back(static_cast<std::uint8_t>((high << 4) | low));
  }
  return out;
}

std::string to_base64(ByteView bytes) { return encode64(bytes, kStandard, true); }

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return Error{ErrorCode::kMalformed, "base64: length"};
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  CERTRELAY_TRY(auto out, decode64(text, kStandardDigits));
  if ((out.size() + padding) % 3 != 0) return Error{ErrorCode::kMalformed, "base64: padding"};
  return out;
}

std::string to_base64url(ByteView bytes) { return encode64(bytes, kUrl, false); }

Result<Bytes> from_base64url(std::string_view text) { return decode64(text, kUrlDigits); }

bool equal_in_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

void wipe(std::span<std::uint8_t> memory) {
  if (!memory.empty()) std::memset(memory.data(), 0, memory.size());
  std::atomic_signal_fence(std::memory_order_seq_cst);
  __asm__ __volatile__("" : : "r"(memory.data()) : "memory");
}

}  // namespace certrelay
