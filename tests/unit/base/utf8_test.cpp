#include "protocol/base/utf8.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(Utf8Test, KeepsSupplementaryCharactersAndVariationSelectors) {
  const std::string text = "𠮷野 葛\U000E0102";
  const auto points = decode_utf8(text).value();
  EXPECT_EQ(points, U"\U00020BB7野 葛\U000E0102");
  EXPECT_EQ(encode_utf8(points), text);
}

TEST(Utf8Test, RefusesIllFormedSequences) {
  for (const auto* text : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE3\x81",
                           "\xF5\x80\x80\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80"}) {
    EXPECT_FALSE(decode_utf8(text).has_value());
    EXPECT_FALSE(is_strict_utf8(text));
  }
}

TEST(Utf8Test, NulIsNoText) {
  EXPECT_FALSE(is_strict_utf8(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_strict_utf8("土佐みなと市"));
}

}  // namespace
}  // namespace certrelay
