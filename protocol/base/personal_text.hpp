#pragma once

#include <compare>
#include <cstring>
#include <string>
#include <string_view>

namespace certrelay {

// A resident's datum (name, address, date as text ...), UTF-8, kept code point for code point
// (R46).
//
// There is no operator<<, no formatter and no implicit conversion, so it does not slip into a log
// line, a metric or an error text (R16); reveal() is easy to find by grep. Wiped when freed, as all
// memory of the processes that hold it (firmware/daemon/wiping_allocator.cpp). A short text lies in
// the object itself, perhaps on a stack that nobody frees: it is wiped before a long one takes its
// place there, and by the destructor, also in one that was moved from.
class PersonalText {
 public:
  PersonalText() = default;
  explicit PersonalText(const std::string& text) : text_(text) {}
  // Wipes a short one also where it came from.
  explicit PersonalText(std::string&& text) : text_(std::move(text)) { wipe_short(text); }
  PersonalText(const PersonalText&) = default;
  PersonalText(PersonalText&&) noexcept = default;
  PersonalText& operator=(const PersonalText& other) {
    if (this != &other) *this = PersonalText(other);
    return *this;
  }
  PersonalText& operator=(PersonalText&& other) noexcept {
    if (this == &other) return *this;
    // A long text's capacity takes the place of the first eight bytes only.
    wipe_short(text_);
    text_ = std::move(other.text_);
    return *this;
  }
  ~PersonalText() { wipe_short(text_); }

  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const PersonalText&, const PersonalText&) = default;

 private:
  static constexpr std::size_t kShort = 15;  // what libstdc++ keeps in the object

  static void wipe_short(std::string& text) {
    if (text.capacity() > kShort) return;  // its block is wiped where it is freed
    std::memset(text.data(), 0, kShort);
    __asm__ __volatile__("" : : "r"(text.data()) : "memory");  // not a dead store
  }

  std::string text_;
};

}  // namespace certrelay
