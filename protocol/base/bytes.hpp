#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

namespace certrelay {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The bytes of `text`, no copy. Lifetime: that of `text`.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The bytes seen as characters, no copy; says nothing about UTF-8.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
// Lower case only, even length. Errors: kMalformed.
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 §4 with padding, canonical: from_base64(to_base64(x)) == x and every other spelling of
// x (missing padding, stray trailing bits, white space) is refused. Errors: kMalformed.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

// RFC 4648 §5 without padding, canonical as above.
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64url(std::string_view text);

// Equality in time that depends on the lengths only.
bool equal_in_constant_time(ByteView a, ByteView b);

// Overwrites memory in a way that the optimiser keeps.
void wipe(std::span<std::uint8_t> memory);

}  // namespace certrelay
