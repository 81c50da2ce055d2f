#pragma once

#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// What a person types to log in (R17): 1 to 128 visible ASCII characters and spaces. Whether it is
// good enough to be set is check_new_password()'s (relay/operators). Move-only, wiped when it dies
// or is moved from; no operator<<.
inline constexpr std::size_t kPasswordBytesMax = 128;  // bounds the work of one attempt

class Password {
 public:
  // Copies; the caller's text is not wiped. ASCII alone: an input method may write other letters
  // in several ways, and a person would be locked out by a new keyboard. Errors: kMalformed.
  static Result<Password> parse(std::string_view text);

  Password(Password&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  Password& operator=(Password&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::move(other.bytes_);
      other.bytes_.clear();
    }
    return *this;
  }
  Password(const Password&) = delete;
  Password& operator=(const Password&) = delete;
  ~Password() { wipe(bytes_); }

  // For the one call that needs it. Do not keep the view.
  std::string_view reveal() const { return as_text(bytes_); }

 private:
  explicit Password(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

}  // namespace certrelay
