// Goal: a person's own password and authenticator are changed by that person alone, at the limits
// of the rules, and an account is reviewed by the center's head (R17, R30).
#include "relay/operators/lock_out.hpp"
#include "relay/operators/password_rules.hpp"
#include "tests/unit/operators/login_world.hpp"

namespace certrelay {
namespace {

using testing::kGood;
using testing::kNext;
using testing::LoginWorld;
using testing::Person;
using namespace std::chrono_literals;

TEST(ChangeOfPassword, TakesThePresentOneAndEndsTheSession) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  world.clock.pass(1s);
  const auto change = [&](std::string_view present, std::string_view next) {
    const PasswordChange message{Password::parse(present).value(), Password::parse(next).value()};
    return world.in_session(world.clerk, browser, "/v1/password", encode(message).value()).status;
  };
  EXPECT_EQ(change(kNext, "another fine 1"), 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kPasswordWrong);
  EXPECT_EQ(change(kGood, kGood), 409);
  EXPECT_EQ(change(kGood, "mihon-clerk 123"), 409);
  EXPECT_EQ(world.last_reason(), ErrorCode::kPasswordUnfit);
  EXPECT_EQ(change(kGood, kNext), 204);
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 403);
  EXPECT_EQ(world.log_in(world.clerk, kNext).status, 200);
}

TEST(ChangeOfPassword, RulesHoldAtTheirLimits) {
  const auto name = OperatorName::parse("mihon").value();
  const auto fits = [&](std::string_view text) {
    return check_new_password(Password::parse(text).value(), name).has_value();
  };
  EXPECT_TRUE(fits("abcdeabcdeab"));   // 12 characters, five of them different
  EXPECT_FALSE(fits("abcdeabcdea"));   // 11
  EXPECT_FALSE(fits("abcdabcdabcd"));  // four different
  EXPECT_FALSE(fits("abcd-Mihon-99"));
}

TEST(ResetOfPassword, TakesThePersonsOwnSignatureOnceAndInTime) {
  LoginWorld world;
  const auto send = [&](const Person& person, const PasswordReset& message) {
    return world.post(person, "/v1/password-reset", encode(message).value()).status;
  };
  const auto good = world.reset_of(world.clerk, kGood);
  EXPECT_EQ(send(world.admin, good), 403);  // another person's
  EXPECT_EQ(world.last_reason(), ErrorCode::kForeignSignature);
  auto altered = world.reset_of(world.clerk, kGood);
  altered.new_password = Password::parse(kNext).value();
  EXPECT_EQ(send(world.clerk, altered), 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  world.clock.pass(61s);
  EXPECT_EQ(send(world.clerk, good), 409);
  EXPECT_EQ(world.last_reason(), ErrorCode::kStatementStale);
  const auto timely = world.reset_of(world.clerk, kGood);
  world.clock.pass(59s);
  EXPECT_EQ(send(world.clerk, timely), 204);
  EXPECT_EQ(send(world.clerk, timely), 409);  // replayed
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 200);
}

TEST(ResetOfPassword, EndsALockOutAndALostAuthenticator) {
  LoginWorld world;
  static_cast<void>(world.enrol(world.clerk, world.enter(world.clerk)));
  for (unsigned i = 0; i <= kFreeFailures; ++i) {
    EXPECT_EQ(world.log_in(world.clerk, kNext).status, 403);
  }
  world.clock.pass(2s);
  EXPECT_EQ(world.reset(world.clerk, kNext, true), 204);
  EXPECT_EQ(world.store->book().find(world.clerk.name())->login.failures, 0U);
  EXPECT_EQ(world.log_in(world.clerk, kNext).status, 200);
}

TEST(Authenticator, ItsSecretIsInNoFileInClearAndInForceFromItsFirstCodeOn) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  const EnrolConfirmation guess{"000000"};
  EXPECT_EQ(
      world.in_session(world.clerk, browser, "/v1/totp/confirmation", encode(guess).value()).status,
      409);
  EXPECT_EQ(world.last_reason(), ErrorCode::kNoEnrolment);
  const auto secret = world.enrol(world.clerk, browser);
  const auto& account = *world.store->book().find(world.clerk.name());
  const auto& sealed = account.login.code_secret;
  EXPECT_EQ(sealed.size(), kTotpSecretBytes + kSealOverhead);
  const auto plain = encode_book(world.store->book());
  EXPECT_TRUE(std::ranges::search(plain, secret.reveal()).empty());
  EXPECT_EQ(totp_text(world.store->open_code_secret(account).value()), totp_text(secret));
}

TEST(Review, IsTheCenterHeadsAndNotForOneself) {  // R30
  LoginWorld world;
  const auto review = [&](const Person& person, std::string name) {
    const auto action = world.action(person, "operator.review", {{"name", std::move(name)}});
    return world.said(world.propose(person, action));
  };
  EXPECT_EQ(review(world.admin, "mihon-clerk"), "not_allowed");
  EXPECT_EQ(review(world.head, "mihon-head"), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOwnAccount);
  EXPECT_EQ(review(world.head, "mihon-clerk"), "done");
  EXPECT_EQ(world.store->book().find(world.clerk.name())->reviewed_on,
            jst_day(world.clock.utc_now()));
}

}  // namespace
}  // namespace certrelay
