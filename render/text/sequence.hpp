#pragma once

#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "render/font/points.hpp"

namespace certrelay {

// One Unicode sequence that a single glyph shows: a character, or a character with its variation
// selector or combining mark (0: none). Nothing is normalised (R46).
struct Sequence {
  char32_t base = 0;
  char32_t selector = 0;
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

// Splits strict UTF-8. A selector or mark without a base before it, or a second one, stays a
// sequence of its own, which no font has. Errors: kInvalidUtf8.
Result<std::vector<Sequence>> split_sequences(std::string_view text);

}  // namespace certrelay
