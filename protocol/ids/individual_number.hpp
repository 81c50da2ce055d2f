#pragma once

#include <array>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// 個人番号: twelve digits, the last a check digit (平成26年総務省令第85号5条, modulus 11). Held
// only by a municipality whose own assessment says so (R08), never logged: no operator<<, no
// formatter, and no text() like an id's. Wiped where it dies, on the stack too.
class IndividualNumber {
 public:
  static constexpr std::size_t kDigits = 12;
  // Errors: kMalformed.
  static Result<IndividualNumber> parse(std::string_view text);
  // The twelfth digit of eleven. Precondition: eleven digits (CHECK).
  static char check_digit(std::string_view eleven);

  IndividualNumber(const IndividualNumber&) = default;
  IndividualNumber& operator=(const IndividualNumber&) = default;
  ~IndividualNumber();

  std::string_view reveal() const { return {digits_.data(), digits_.size()}; }
  friend bool operator==(const IndividualNumber&, const IndividualNumber&) = default;

 private:
  explicit IndividualNumber(std::string_view text);
  std::array<char, kDigits> digits_{};
};

}  // namespace certrelay
