// Goal: an administrator's or an attacker's hand on the clock stops issuing and harms nothing else.
// Method: ten years forward and back while the process runs; issuance refuses with kClockDoubted
// while doubted() holds (Issuance::unavailable), deadlines run on the steady clock.
#include <gtest/gtest.h>

#include "relay/ledger/trusted_time.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTenYears = hours(24 * 3653);

class ClockStepsTest : public ::testing::TestWithParam<milliseconds> {
 protected:
  ClockStepsTest() { EXPECT_TRUE(time_.accept(clock_.utc_now() - hours(1))); }

  SimClock clock_;
  TrustedTime time_{clock_, clock_.utc_now() - hours(2)};
};

TEST_P(ClockStepsTest, AStepIsDoubtedAtOnceAndTrustedAgainWhenItIsUndone) {
  clock_.pass(seconds(5));
  const auto before = time_.stamp();
  EXPECT_FALSE(before.doubted);
  clock_.step_utc(GetParam());
  EXPECT_TRUE(time_.doubted());
  clock_.pass(seconds(30));
  EXPECT_TRUE(time_.doubted());
  clock_.step_utc(-GetParam());
  EXPECT_FALSE(time_.doubted());  // no restart, nobody has to accept anything
  const auto after = time_.stamp();
  EXPECT_FALSE(after.doubted);
  EXPECT_EQ(after.utc, before.utc + seconds(30));
}

TEST_P(ClockStepsTest, EntriesMeanwhileCarryTheLastTrustedTimeAndTheSteadyClock) {
  const auto before = time_.stamp();
  clock_.step_utc(GetParam());
  clock_.pass(seconds(7));
  const auto during = time_.stamp();
  EXPECT_TRUE(during.doubted);
  EXPECT_EQ(during.utc, before.utc + seconds(7));
  EXPECT_EQ(time_.last(), before.utc);  // a doubted time is never the one that others are held to
}

TEST_P(ClockStepsTest, DeadlinesDoNotNotice) {
  const auto deadline = clock_.steady_now() + seconds(120);
  clock_.step_utc(GetParam());
  clock_.pass(seconds(120) - milliseconds(1));
  EXPECT_LT(clock_.steady_now(), deadline);
  clock_.pass(milliseconds(1));
  EXPECT_EQ(clock_.steady_now(), deadline);
}

INSTANTIATE_TEST_SUITE_P(TenYears, ClockStepsTest, ::testing::Values(kTenYears, -kTenYears));

}  // namespace
}  // namespace certrelay::testing
