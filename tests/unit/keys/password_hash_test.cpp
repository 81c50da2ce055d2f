// Goal: a password is kept as Argon2id of a bounded cost, and nothing else is read back (R17).
#include "relay/keys/password_hash.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

constexpr PasswordCost kLeastCost{1, std::size_t{8} * 1024};

Password typed(std::string_view text) { return Password::parse(text).value(); }

TEST(PasswordHash, MatchesItsPasswordAloneAlsoWhenReadBack) {
  const auto hash = PasswordHash::of(typed("correct horse 9"), kLeastCost).value();
  const auto again = PasswordHash::parse(hash.text()).value();
  EXPECT_EQ(again, hash);
  EXPECT_TRUE(again.matches(typed("correct horse 9")));
  EXPECT_FALSE(again.matches(typed("correct horse 8")));
  EXPECT_FALSE(again.matches(typed("correct horse 9 ")));
  EXPECT_NE(PasswordHash::of(typed("correct horse 9"), kLeastCost).value(), hash);  // salted
}

TEST(PasswordHash, TheProductsCostIsThatOfRfc9106) {
  const auto hash = PasswordHash::of(typed("correct horse 9"), kPasswordCost).value();
  EXPECT_TRUE(hash.text().starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  EXPECT_TRUE(hash.matches(typed("correct horse 9")));
}

TEST(PasswordHash, OfACostAboveTheBoundIsNotRead) {
  const auto parsed = [](std::string_view head) {
    return PasswordHash::parse(std::string(head) + "c2FsdHNhbHRzYWx0c2E$aGFzaA").has_value();
  };
  EXPECT_TRUE(parsed("$argon2id$v=19$m=65536,t=3,p=1$"));
  EXPECT_FALSE(parsed("$argon2id$v=19$m=65537,t=3,p=1$"));
  EXPECT_FALSE(parsed("$argon2id$v=19$m=65536,t=4,p=1$"));
  EXPECT_FALSE(parsed("$argon2id$v=19$m=65536,t=3,p=2$"));
  EXPECT_FALSE(parsed("$argon2id$v=19$m=65536,t=0,p=1$"));
  EXPECT_FALSE(parsed("$argon2i$v=19$m=65536,t=3,p=1$"));
  EXPECT_FALSE(PasswordHash::parse("$argon2id$v=19$m=65536,t=3").has_value());
  EXPECT_FALSE(PasswordHash::parse("").has_value());
}

TEST(Password, IsVisibleAsciiUpToItsLimit) {
  EXPECT_TRUE(Password::parse(std::string(kPasswordBytesMax, 'a')).has_value());
  EXPECT_FALSE(Password::parse(std::string(kPasswordBytesMax + 1, 'a')).has_value());
  EXPECT_FALSE(Password::parse("").has_value());
  EXPECT_FALSE(Password::parse("tab\there").has_value());
  EXPECT_FALSE(Password::parse("パスワード").has_value());
}

}  // namespace
}  // namespace certrelay
