#include "protocol/ids/individual_number.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

ErrorCode parse_refusal(std::string_view text) {
  const auto out = IndividualNumber::parse(text);
  return out ? ErrorCode::kNone : out.error().code;
}

TEST(IndividualNumber, CheckDigitIsTheOrdinances) {
  // 6*1+5*2+4*3+3*4+2*5+7*6+6*7+5*8+4*9+3*0+2*1 = 212, and 212 mod 11 = 3.
  EXPECT_EQ(IndividualNumber::check_digit("12345678901"), '8');
  EXPECT_EQ(IndividualNumber::check_digit("00000000000"), '0');  // remainder 0

  EXPECT_EQ(IndividualNumber::check_digit("00000000001"), '9');  // 2: 11 - 2
  EXPECT_EQ(IndividualNumber::check_digit("00000000006"), '0');  // 12: remainder 1
  EXPECT_EQ(IndividualNumber::check_digit("10000000000"), '5');  // 6: the leftmost weight
}

TEST(IndividualNumber, EveryOtherLastDigitRefuses) {
  for (char last = '0'; last <= '9'; ++last) {
    const auto text = std::string("12345678901") + last;
    EXPECT_EQ(parse_refusal(text), last == '8' ? ErrorCode::kNone : ErrorCode::kMalformed) << last;
  }
}

TEST(IndividualNumber, TwelveAsciiDigitsAndNothingElse) {
  EXPECT_EQ(IndividualNumber::parse("123456789018").value().reveal(), "123456789018");
  for (const auto* text :
       {"", "12345678901", "1234567890180", "12345678901８", "1234 5678 901", "12345678901x"}) {
    EXPECT_EQ(parse_refusal(text), ErrorCode::kMalformed) << text;
  }
}

}  // namespace
}  // namespace certrelay
