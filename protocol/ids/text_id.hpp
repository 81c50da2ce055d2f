#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// An identifier that is a short text of a documented form. Holding one proves that it is well
// formed and nothing else. parse() is the only way to get one; ids of different kinds do not mix;
// there is no operator<<, so an id reaches a log only where somebody wrote text().
//
// Kind supplies `static bool accepts(std::string_view)`.
template <class Kind>
class TextId {
 public:
  // Errors: kMalformed.
  static Result<TextId> parse(std::string_view text) {
    if (!Kind::accepts(text)) return Error{ErrorCode::kMalformed, Kind::kName};
    return TextId(std::string(text));
  }
  std::string_view text() const { return text_; }
  friend auto operator<=>(const TextId&, const TextId&) = default;

 private:
  explicit TextId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// True when `text` has `min` to `max` characters, each of them in `alphabet`.
bool is_text_of(std::string_view text, std::string_view alphabet, std::size_t min, std::size_t max);

}  // namespace certrelay
