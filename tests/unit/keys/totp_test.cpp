// Goal: the codes are RFC 6238's, a step to either side is taken, and each code counts once.
#include "relay/keys/totp.hpp"

#include <gtest/gtest.h>

#include "protocol/base/bytes.hpp"

namespace certrelay {
namespace {

// RFC 6238 appendix B.
TotpSecret example_secret() { return TotpSecret(as_bytes("12345678901234567890")); }

UtcTime at(std::int64_t seconds) { return UtcTime{std::chrono::seconds{seconds}}; }

TEST(Totp, CodesAreThoseOfTheRfc) {
  const auto secret = example_secret();
  const auto code = [&](std::int64_t seconds) { return totp_code(secret, totp_step(at(seconds))); };
  EXPECT_EQ(code(59), "287082");
  EXPECT_EQ(code(1'111'111'109), "081804");
  EXPECT_EQ(code(1'111'111'111), "050471");
  EXPECT_EQ(code(1'234'567'890), "005924");
  EXPECT_EQ(code(2'000'000'000), "279037");
  EXPECT_EQ(code(20'000'000'000), "353130");
}

TEST(Totp, AStepToEitherSideIsTakenAndNoFurther) {
  const auto secret = example_secret();
  const auto now = at(2'000'000'000);
  const auto step = totp_step(now);
  for (const auto other : {step - 1, step, step + 1}) {
    EXPECT_EQ(check_totp(secret, totp_code(secret, other), now, 0).value(), other);
  }
  for (const auto other : {step - 2, step + 2}) {
    EXPECT_EQ(check_totp(secret, totp_code(secret, other), now, 0).error().code,
              ErrorCode::kCodeWrong);
  }
}

TEST(Totp, ACodeCountsOnceAndNoOlderOneAfterIt) {
  const auto secret = example_secret();
  const auto now = at(2'000'000'000);
  const auto step = totp_step(now);
  EXPECT_EQ(check_totp(secret, totp_code(secret, step), now, step).error().code,
            ErrorCode::kCodeReplayed);
  EXPECT_EQ(check_totp(secret, totp_code(secret, step - 1), now, step).error().code,
            ErrorCode::kCodeReplayed);
  EXPECT_TRUE(check_totp(secret, totp_code(secret, step + 1), now, step).has_value());
}

TEST(Totp, OtherTextIsNoCode) {
  const auto secret = example_secret();
  for (const auto* text : {"", "28708", "2870820", "94287082", " 87082"}) {
    EXPECT_EQ(check_totp(secret, text, at(59), 0).error().code, ErrorCode::kCodeWrong) << text;
  }
  EXPECT_TRUE(check_totp(secret, "287082", at(0), 0).has_value());  // the first step of all
}

TEST(Totp, TheSecretIsTypedInBase32) {
  EXPECT_EQ(totp_text(example_secret()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

}  // namespace
}  // namespace certrelay
