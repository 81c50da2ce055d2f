// Goal: only the person logs in, with password and code checked in the vault; wrong passwords,
// replayed codes, stale sessions, forged tokens and revoked people are refused, each with its entry
// (R17, R30, R42). Method: frames as a front would make them, also a hostile one.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/login_message.hpp"
#include "relay/operators/lock_out.hpp"
#include "relay/operators/session_cookie.hpp"
#include "tests/unit/operators/login_world.hpp"

namespace certrelay {
namespace {

using testing::Browser;
using testing::kGood;
using testing::kNext;
using testing::LoginWorld;
using testing::Person;
using namespace std::chrono_literals;

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

TEST(Session, AnIdleOneEndsWithTheCallThatFindsItSo) {
  LoginWorld world;
  const auto browser = world.enter(world.clerk);
  world.clock.pass(15min);
  const auto before = world.ledger.entries.size();
  const HttpHeaders cookie{{"cookie", browser.cookie}};
  const auto state =
      world.call(world.clerk.at("terminal-1"), HttpMethod::kGet, "/v1/state", {}, cookie);
  EXPECT_EQ(state.status, 403);
  const auto& entries = world.ledger.entries;
  ASSERT_EQ(entries.size(), before + 2);
  EXPECT_EQ(entries[before].kind, EntryKind::kOperatorSignedOut);
  EXPECT_EQ(entries[before].reason, ErrorCode::kSessionIdle);
  EXPECT_EQ(entries[before + 1].kind, EntryKind::kOperatorRefused);
  EXPECT_EQ(entries[before + 1].reason, ErrorCode::kSessionIdle);
  EXPECT_EQ(world.see(world.clerk, browser).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionUnknown);
}

TEST(Session, AnIdleOneThatNobodyCallsIsToldAtTheNextLook) {
  LoginWorld world;
  static_cast<void>(world.enter(world.clerk));
  world.clock.pass(15min);
  world.tick();
  EXPECT_EQ(world.last().kind, EntryKind::kOperatorSignedOut);
  EXPECT_EQ(world.last_reason(), ErrorCode::kSessionIdle);
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

}  // namespace
}  // namespace certrelay
