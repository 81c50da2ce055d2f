#pragma once

#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

namespace certrelay {

// One Unicode sequence that a single glyph shows: a character, or a character with its variation
// selector (0: none). Nothing is normalised (R46).
struct Sequence {
  char32_t base = 0;
  char32_t selector = 0;
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

// Splits strict UTF-8. A selector without a base before it stays a sequence of its own, which no
// font has. Errors: kInvalidUtf8.
Result<std::vector<Sequence>> split_sequences(std::string_view text);

// U+FE00-FE0F, U+E0100-E01EF (Unicode 15, 23.4).
bool is_variation_selector(char32_t point);

}  // namespace certrelay
