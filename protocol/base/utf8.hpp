#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// Strict UTF-8 (Unicode 15, table 3-7): no overlong form, no surrogate, nothing past U+10FFFF.
// Errors: kInvalidUtf8.
Result<std::u32string> decode_utf8(std::string_view text);

// Well-formed and free of NUL. Cheaper than decoding.
bool is_strict_utf8(std::string_view text);

// Precondition: `point` is a Unicode scalar value (CHECK).
void append_utf8(std::string& out, char32_t point);
std::string encode_utf8(std::u32string_view points);

}  // namespace certrelay
