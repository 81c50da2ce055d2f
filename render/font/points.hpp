// Code points that join the character before them.
#pragma once

namespace certrelay {

// U+FE00-FE0F, U+E0100-E01EF (Unicode 15, 23.4).
constexpr bool is_variation_selector(char32_t point) {
  return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
}

// The blocks of combining diacritical marks, and the voiced sound marks of kana, U+3099 and U+309A.
constexpr bool is_combining_mark(char32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
         (point >= 0x1DC0 && point <= 0x1DFF) || (point >= 0x20D0 && point <= 0x20FF) ||
         point == 0x3099 || point == 0x309A || (point >= 0xFE20 && point <= 0xFE2F);
}

}  // namespace certrelay
