#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace certrelay {

// A resident's datum (name, address, date as text ...), UTF-8, kept code point for code point
// (R46).
//
// There is no operator<<, no formatter and no implicit conversion, so it does not slip into a log
// line, a metric or an error text (R16); reveal() is easy to find by grep. Wiped when freed, as all
// memory of the processes that hold it (firmware/wiping_allocator.cpp).
class PersonalText {
 public:
  PersonalText() = default;
  explicit PersonalText(std::string text) : text_(std::move(text)) {}

  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const PersonalText&, const PersonalText&) = default;

 private:
  std::string text_;
};

}  // namespace certrelay
