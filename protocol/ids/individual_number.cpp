#include "protocol/ids/individual_number.hpp"

#include <algorithm>

#include "protocol/base/bytes.hpp"
#include "protocol/base/check.hpp"
#include "protocol/ids/text_id.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kAlphabet = "0123456789";
constexpr std::size_t kUnchecked = IndividualNumber::kDigits - 1;
// Q_n of the ordinance, from the left: n is 11 for the first digit.
constexpr std::array<int, kUnchecked> kWeights{6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};

}  // namespace

char IndividualNumber::check_digit(std::string_view eleven) {
  CERTRELAY_CHECK(is_text_of(eleven, kAlphabet, kUnchecked, kUnchecked));
  int sum = 0;
  for (std::size_t i = 0; i < kUnchecked; ++i) sum += (eleven[i] - '0') * kWeights.at(i);
  const int rest = sum % 11;
  return static_cast<char>('0' + (rest <= 1 ? 0 : 11 - rest));
}

Result<IndividualNumber> IndividualNumber::parse(std::string_view text) {
  const bool good = is_text_of(text, kAlphabet, kDigits, kDigits) &&
                    check_digit(text.substr(0, kUnchecked)) == text.back();
  if (!good) return Error{ErrorCode::kMalformed, "individual number"};
  return IndividualNumber(text);
}

IndividualNumber::IndividualNumber(std::string_view text) {
  std::copy(text.begin(), text.end(), digits_.begin());
}

IndividualNumber::~IndividualNumber() {
  wipe({reinterpret_cast<std::uint8_t*>(digits_.data()), digits_.size()});
}

}  // namespace certrelay
