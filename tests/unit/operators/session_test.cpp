// Goal: a session belongs to one person, one key and one terminal, ends in time and with what it
// rests on; failures make a person wait longer and longer (R17, R30).
#include <gtest/gtest.h>

#include "relay/operators/lock_out.hpp"
#include "relay/operators/session_table.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;
using namespace std::chrono_literals;

struct Sessions {
  OperatorWorld world;
  SessionTable table{world.clock, world.entropy, {.idle = 15min, .life = 8h}};
  TerminalName terminal = TerminalName::parse("terminal-1").value();

  Operator account(const testing::Person& person) const {
    return *world.store->book().find(person.name());
  }
  ErrorCode use(const SessionId& id, const Operator& account) {
    const auto used = table.use(id, account, terminal);
    return used ? ErrorCode::kNone : used.error().code;
  }
};

TEST(Sessions, AreUsedByTheirPersonKeyAndTerminalAlone) {
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  const auto id = s.table.begin(clerk, s.terminal);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kNone);
  EXPECT_EQ(s.use(id, s.account(s.world.admin)), ErrorCode::kSessionForeign);
  auto other_key = clerk;
  other_key.client_key[0] ^= 1;
  EXPECT_EQ(s.use(id, other_key), ErrorCode::kSessionForeign);
  const auto elsewhere = TerminalName::parse("terminal-2").value();
  EXPECT_EQ(s.table.use(id, clerk, elsewhere).error().code, ErrorCode::kSessionForeign);
  Bytes guess(id.reveal().begin(), id.reveal().end());
  guess.back() ^= 1;
  EXPECT_EQ(s.use(SessionId(guess), clerk), ErrorCode::kSessionUnknown);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kNone);  // what strangers try ends nothing
}

TEST(Sessions, EndAtTheIdleTimeAndNotAMillisecondBefore) {
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  const auto id = s.table.begin(clerk, s.terminal);
  s.world.clock.pass(15min - 1ms);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kNone);
  s.world.clock.pass(15min - 1ms);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kNone);  // each use begins it anew
  s.world.clock.pass(15min);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kSessionIdle);
}

TEST(Sessions, EndAtTheirAgeHoweverMuchUsed) {
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  const auto id = s.table.begin(clerk, s.terminal);
  for (int i = 0; i < 47; ++i) {
    s.world.clock.pass(10min);
    ASSERT_EQ(s.use(id, clerk), ErrorCode::kNone);
  }
  s.world.clock.pass(10min - 1ms);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kNone);
  s.world.clock.pass(1ms);
  EXPECT_EQ(s.use(id, clerk), ErrorCode::kSessionOver);
}

TEST(Sessions, OfAPersonWhoseRolesOrPasswordChangedAreStale) {  // R30
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  const auto id = s.table.begin(clerk, s.terminal);
  auto other = clerk;
  other.roles = {OperatorRole::kClerk, OperatorRole::kCenterHead};
  EXPECT_EQ(s.use(id, other), ErrorCode::kSessionStale);
  other = clerk;
  other.login.set_at = s.world.clock.utc_now();
  EXPECT_EQ(s.use(id, other), ErrorCode::kSessionStale);
}

TEST(Sessions, AnotherLogInEndsTheEarlierOne) {
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  const auto first = s.table.begin(clerk, s.terminal);
  const auto second = s.table.begin(clerk, s.terminal);
  EXPECT_EQ(s.use(first, clerk), ErrorCode::kSessionUnknown);
  EXPECT_EQ(s.use(second, clerk), ErrorCode::kNone);
  EXPECT_EQ(s.table.size(), 1U);
}

TEST(Sessions, ExpiredOnesAreToldOnce) {
  Sessions s;
  const auto clerk = s.account(s.world.clerk);
  static_cast<void>(s.table.begin(clerk, s.terminal));
  static_cast<void>(s.table.begin(s.account(s.world.admin), s.terminal));
  auto book = s.world.store->book();
  EXPECT_TRUE(s.table.expired(book, s.world.clock.utc_now()).empty());
  book.find(clerk.name)->revoked_at = s.world.clock.utc_now();
  auto told = s.table.expired(book, s.world.clock.utc_now());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].name, clerk.name);
  EXPECT_EQ(told[0].reason, ErrorCode::kSessionStale);
  s.world.clock.pass(15min);
  told = s.table.expired(book, s.world.clock.utc_now());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].reason, ErrorCode::kSessionIdle);
  EXPECT_EQ(s.table.size(), 0U);
}

TEST(Sessions, TheCsrfTokenIsTheSessionsOwn) {
  Sessions s;
  const auto first = s.table.begin(s.account(s.world.clerk), s.terminal);
  const auto second = s.table.begin(s.account(s.world.admin), s.terminal);
  EXPECT_EQ(csrf_token(first), csrf_token(first));
  EXPECT_NE(csrf_token(first), csrf_token(second));
  EXPECT_NE(csrf_token(first), to_base64url(first.reveal()));
}

TEST(LockOutDelay, BeginsAtTheFifthFailureDoublesAndIsBounded) {
  EXPECT_EQ(lock_out_delay(0), 0s);
  EXPECT_EQ(lock_out_delay(kFreeFailures), 0s);
  EXPECT_EQ(lock_out_delay(kFreeFailures + 1), 60s);
  EXPECT_EQ(lock_out_delay(kFreeFailures + 2), 120s);
  EXPECT_EQ(lock_out_delay(kFreeFailures + 6), 1920s);
  EXPECT_EQ(lock_out_delay(kFreeFailures + 7), 3600s);
  EXPECT_EQ(lock_out_delay(65'535), 3600s);
}

TEST(LockOut, HoldsOnTheSteadyClockUntilItsEnd) {
  OperatorWorld world;
  LockOut lock(world.clock);
  lock.begin(world.clerk.name(), kFreeFailures);
  EXPECT_FALSE(lock.is_locked(world.clerk.name()));
  lock.begin(world.clerk.name(), kFreeFailures + 1);
  EXPECT_TRUE(lock.is_locked(world.clerk.name()));
  EXPECT_FALSE(lock.is_locked(world.admin.name()));
  world.clock.step_utc(24h);  // the date opens nothing
  world.clock.pass(60s - 1ms);
  EXPECT_TRUE(lock.is_locked(world.clerk.name()));
  world.clock.pass(1ms);
  EXPECT_FALSE(lock.is_locked(world.clerk.name()));
}

}  // namespace
}  // namespace certrelay
