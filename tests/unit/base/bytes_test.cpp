#include "protocol/base/bytes.hpp"

#include <gtest/gtest.h>

#include "protocol/base/sha256.hpp"

namespace certrelay {
namespace {

TEST(BytesTest, Base64MatchesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), coded);
    EXPECT_EQ(as_text(from_base64(coded).value()), plain);
  }
}

TEST(BytesTest, Base64RefusesEverySpellingButOne) {
  for (const auto* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "Z===", "====", "Zm-_", " Zm9"}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

TEST(BytesTest, Base64UrlHasNoPadding) {
  const Bytes bytes{0xFB, 0xEF, 0xFF, 0x01};
  EXPECT_EQ(to_base64url(bytes), "--__AQ");
  EXPECT_EQ(from_base64url("--__AQ").value(), bytes);
  EXPECT_FALSE(from_base64url("--__AQ==").has_value());
  EXPECT_FALSE(from_base64url("--__A").has_value());
}

TEST(BytesTest, HexIsLowerCaseOnly) {
  EXPECT_EQ(to_hex(from_hex("00ff10").value()), "00ff10");
  for (const auto* text : {"0", "FF", "0g"}) EXPECT_FALSE(from_hex(text).has_value()) << text;
}

TEST(BytesTest, Sha256MatchesFips180) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(BytesTest, ConstantTimeEqualityAgreesWithEquality) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("ab")));
}

}  // namespace
}  // namespace certrelay
