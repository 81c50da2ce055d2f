// Goal: only the person logs in, with password and code checked in the vault; wrong passwords,
// replayed codes, stale sessions, forged tokens and revoked people are refused, each with its entry
// (R17, R30, R42). Method: frames as a front would make them, also a hostile one.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/login_message.hpp"
#include "relay/operators/lock_out.hpp"
#include "relay/operators/password_rules.hpp"
#include "relay/operators/session_cookie.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;
using testing::Person;
using namespace std::chrono_literals;

constexpr std::string_view kGood = "correct horse 9";
constexpr std::string_view kNext = "battery staple 7";

// A browser: what it got and sends again.
struct Browser {
  std::string cookie;
  std::string token;
};

struct LoginWorld : OperatorWorld {
  HttpAnswer post(const Person& person, const std::string& path, Bytes body,
                  HttpHeaders headers = {}) {
    return call(person.at("terminal-1"), HttpMethod::kPost, path, std::move(body),
                std::move(headers));
  }
  HttpAnswer in_session(const Person& person, const Browser& browser, const std::string& path,
                        Bytes body = {}) {
    return post(person, path, std::move(body),
                {{"cookie", browser.cookie}, {std::string(kCsrfHeader), browser.token}});
  }
  HttpAnswer see(const Person& person, const Browser& browser) {
    return call(person.at("terminal-1"), HttpMethod::kGet, "/v1/session", {},
                {{"cookie", browser.cookie}});
  }

  PasswordReset reset_of(const Person& person, std::string_view password, bool drop = false) {
    PasswordReset out{Password::parse(password).value(),
                      drop,
                      UtcTime(std::chrono::floor<std::chrono::seconds>(clock.utc_now())),
                      {}};
    out.signature =
        person.key.sign(password_reset_bytes(municipality(), person.name(), out)).value();
    return out;
  }
  int reset(const Person& person, std::string_view password, bool drop = false) {
    const auto message = reset_of(person, password, drop);
    return post(person, "/v1/password-reset", encode(message).value()).status;
  }
  HttpAnswer log_in(const Person& person, std::string_view password, std::string code = "",
                    std::string_view name = "") {
    const LoginRequest request{name.empty() ? person.name() : OperatorName::parse(name).value(),
                               Password::parse(password).value(), std::move(code)};
    return post(person, "/v1/login", encode(request).value());
  }
  static Browser browser_of(const HttpAnswer& answer) {
    Browser out;
    for (const auto& header : answer.headers) {
      if (header.name == "set-cookie") out.cookie = header.value.substr(0, header.value.find(';'));
    }
    out.token = decode_session_view(answer.body).value().csrf_token;
    return out;
  }
  // Logged in with the good password.
  Browser enter(const Person& person) {
    EXPECT_EQ(reset(person, kGood), 204);
    const auto answer = log_in(person, kGood);
    EXPECT_EQ(answer.status, 200);
    return browser_of(answer);
  }
  // Enrols an authenticator, whose secret it returns; ends the session.
  TotpSecret enrol(const Person& person, const Browser& browser) {
    const auto offer = in_session(person, browser, "/v1/totp",
                                  encode(EnrolRequest{Password::parse(kGood).value()}).value());
    EXPECT_EQ(offer.status, 200);
    const auto typed = decode_enrol_offer(offer.body).value().secret;
    auto secret = from_base32(typed);
    const EnrolConfirmation first{totp_code(secret, totp_step(clock.utc_now()))};
    EXPECT_EQ(in_session(person, browser, "/v1/totp/confirmation", encode(first).value()).status,
              204);
    return secret;
  }
  static TotpSecret from_base32(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    Bytes out;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
      held = (held << 5U) | static_cast<std::uint32_t>(kLetters.find(c));
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
    return TotpSecret(out);
  }
  const Entry& last() const { return ledger.entries.back(); }
};

TEST(LogIn, WithTheOwnPasswordBeginsASessionAndItsEntryNamesPersonAndTerminal) {
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  EXPECT_EQ(world.last().kind, EntryKind::kLogInChanged);
  EXPECT_EQ(world.last().action->text(), "password.reset");
  const auto answer = world.log_in(world.clerk, kGood);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorSignedIn);
  EXPECT_EQ(world.last().operator_name, world.clerk.name());
  EXPECT_EQ(world.last().terminal->text(), "terminal-1");
  const auto browser = LoginWorld::browser_of(answer);
  EXPECT_TRUE(browser.cookie.starts_with("__Host-certrelay="));
  const auto view = decode_session_view(world.see(world.clerk, browser).body).value();
  EXPECT_EQ(view.name, world.clerk.name());
  EXPECT_EQ(view.csrf_token, browser.token);
  EXPECT_EQ(to_iso_day(view.password_due_on.value()), "2027-05-22");
}

TEST(LogIn, EveryWayToFailGetsTheSameAnswerAndItsOwnReasonInTheLedger) {  // R42
  LoginWorld world;
  const auto none = world.log_in(world.clerk, kGood);  // no password yet
  EXPECT_EQ(world.last_reason(), ErrorCode::kPasswordMissing);
  EXPECT_EQ(none.status, 403);
  static_cast<void>(world.enrol(world.clerk, world.enter(world.clerk)));
  const auto wrong = world.log_in(world.clerk, kNext);
  EXPECT_EQ(world.last_reason(), ErrorCode::kPasswordWrong);
  const auto codeless = world.log_in(world.clerk, kGood);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeWrong);
  const auto unknown = world.log_in(world.clerk, kGood, "", "mihon-nobody");
  EXPECT_EQ(world.last_reason(), ErrorCode::kLoginNameDiffers);
  const auto another = world.log_in(world.clerk, kGood, "", "mihon-admin");
  EXPECT_EQ(world.last_reason(), ErrorCode::kLoginNameDiffers);
  for (const auto& answer : {wrong, codeless, unknown, another}) {
    EXPECT_EQ(answer.body, none.body);
    EXPECT_EQ(answer.headers, none.headers);
    EXPECT_EQ(answer.status, none.status);
  }
}

TEST(LogIn, ACodeIsUsedOnceAlsoAfterARestart) {  // replay
  LoginWorld world;
  const auto secret = world.enrol(world.clerk, world.enter(world.clerk));
  const auto now = [&] { return totp_code(secret, totp_step(world.clock.utc_now())); };
  EXPECT_EQ(world.log_in(world.clerk, kGood, now()).status, 403);  // it confirmed the enrolment
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeReplayed);
  world.clock.pass(30s);
  const auto code = now();
  EXPECT_EQ(world.log_in(world.clerk, kGood, code).status, 200);
  EXPECT_EQ(world.log_in(world.clerk, kGood, code).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeReplayed);
  world.restart();
  EXPECT_EQ(world.log_in(world.clerk, kGood, code).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeReplayed);
}

TEST(LogIn, TheFifthFailureInARowLocksAndTheRightPasswordWaitsToo) {
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  for (unsigned i = 0; i < kFreeFailures; ++i) {
    EXPECT_EQ(world.log_in(world.clerk, kNext).status, 403);
    EXPECT_EQ(world.last().kind, EntryKind::kOperatorRefused);
  }
  const auto locking = world.log_in(world.clerk, kNext);
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorLockedOut);
  const auto locked = world.log_in(world.clerk, kGood);
  EXPECT_EQ(world.last_reason(), ErrorCode::kLoginLocked);
  EXPECT_EQ(locked.body, locking.body);
  world.restart();  // no way past the wait
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 403);
  world.clock.pass(60s - 1ms);
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 403);
  world.clock.pass(1ms);
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 200);
  EXPECT_EQ(world.store->book().find(world.clerk.name())->login.failures, 0U);
}

TEST(LogIn, EightMayWaitForTheThreadThatHashesAndTheNinthIsTurnedAway) {
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  const LoginRequest request{world.clerk.name(), Password::parse(kGood).value(), ""};
  const auto body = encode(request).value();
  std::vector<int> statuses;
  for (int i = 0; i < 9; ++i) {
    RequestFrame frame{1,
                       Role::kAdmin,
                       world.clerk.at("terminal-1"),
                       {HttpMethod::kPost,
                        "/v1/login",
                        {{"content-digest", format_content_digest(sha256(body))}},
                        body}};
    boost::asio::co_spawn(world.io, world.verbs->handle(std::move(frame)),
                          [&](const std::exception_ptr& error, const HttpAnswer& answer) {
                            EXPECT_EQ(error, nullptr);
                            statuses.push_back(answer.status);
                          });
  }
  world.io.restart();
  testing::run_ready(world.io);
  EXPECT_EQ(std::ranges::count(statuses, 200), 8);
  EXPECT_EQ(std::ranges::count(statuses, 503), 1);
}

TEST(LogIn, ASuccessBeginsTheCountAnew) {
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  for (int round = 0; round < 2; ++round) {
    for (unsigned i = 0; i < kFreeFailures; ++i) {
      EXPECT_EQ(world.log_in(world.clerk, kNext).status, 403);
    }
    EXPECT_EQ(world.log_in(world.clerk, kGood).status, 200);
  }
}

TEST(LogIn, WithoutItsEntryNobodyIsLetIn) {  // R35
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  world.ledger.writable = false;
  const auto answer = world.log_in(world.clerk, kGood);
  EXPECT_EQ(world.said(answer), "overloaded");
  for (const auto& header : answer.headers) EXPECT_NE(header.name, "set-cookie");
}

TEST(LogIn, OfARevokedPersonIsRefusedAlsoInTheMiddle) {  // R30
  LoginWorld world;
  EXPECT_EQ(world.reset(world.clerk, kGood), 204);
  world.ledger.before_append = [&] {  // while the entry of the log-in is written
    auto next = world.store->book();
    ASSERT_TRUE(next.revoke(world.clerk.name(), world.clock.utc_now()).has_value());
    ASSERT_TRUE(world.store->write(std::move(next)).has_value());
  };
  EXPECT_EQ(world.log_in(world.clerk, kGood).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorRevoked);
}

TEST(Session, OfARevokedPersonEndsAtOnceWithAnEntry) {  // R30
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  const auto revoke = world.action(world.head, "operator.revoke", {{"name", "mihon-clerk"}});
  EXPECT_EQ(world.said(world.propose(world.head, revoke)), "done");
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorSignedOut);
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorRevoked);
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorRevoked);
}

TEST(Session, StaleOnesAreRefusedForEveryCallAndTold) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  world.clock.pass(15min);
  const HttpHeaders cookie{{"cookie", browser.cookie}};
  const auto state =
      world.call(world.clerk.at("terminal-1"), HttpMethod::kGet, "/v1/state", {}, cookie);
  EXPECT_EQ(state.status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionIdle);
  world.tick();
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorSignedOut);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionIdle);
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionUnknown);
}

TEST(Session, AChangeOfRolesEndsIt) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  auto next = world.store->book();
  next.find(world.clerk.name())->roles = {OperatorRole::kAuditor};
  ASSERT_TRUE(world.store->write(std::move(next)).has_value());
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionStale);
}

TEST(Session, AForgedTokenOrNoneChangesNothing) {  // CSRF
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  auto forged = browser;
  forged.token.back() = forged.token.back() == 'A' ? 'E' : 'A';
  EXPECT_EQ(world.in_session(world.clerk, forged, "/v1/logout").status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCsrfTokenWrong);
  EXPECT_EQ(world.post(world.clerk, "/v1/logout", {}, {{"cookie", browser.cookie}}).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCsrfTokenWrong);
  EXPECT_EQ(world.see(world.clerk, browser).status, 200);
  EXPECT_EQ(world.in_session(world.clerk, browser, "/v1/logout").status, 204);
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorSignedOut);
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
}

TEST(Session, IsNothingOnAnotherPersonsConnectionOrTerminal) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  EXPECT_EQ(world.see(world.admin, browser).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionForeign);
  const HttpHeaders cookie{{"cookie", browser.cookie}};
  const auto elsewhere =
      world.call(world.clerk.at("terminal-2"), HttpMethod::kGet, "/v1/session", {}, cookie);
  EXPECT_EQ(elsewhere.status, 403);
  EXPECT_EQ(world.see(world.clerk, {}).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionMissing);
}

TEST(Session, CookiesOfAnotherFormAreNone) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  for (const auto& cookie : {browser.cookie + "; " + browser.cookie, browser.cookie + "A",
                             browser.cookie + "=", std::string("__Host-certrelay=")}) {
    EXPECT_EQ(world.see(world.clerk, {cookie, ""}).status, 403) << cookie;
    EXPECT_EQ(world.last_reason(), ErrorCode::kSessionUnknown);
  }
  EXPECT_EQ(world.see(world.clerk, {"other=1; " + browser.cookie, ""}).status, 200);
}

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
