// Goal: a deadline calls at its time, once, and never when it was lifted or moved on; however often
// it is set, one alarm is enough. Method: simulated time.
#include "relay/front/deadline.hpp"

#include <gtest/gtest.h>

#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

// Simulated time that counts who goes to sleep.
class CountingClock final : public Clock {
 public:
  explicit CountingClock(testing::SimClock& clock) : clock_(clock) {}
  UtcTime utc_now() const override { return clock_.utc_now(); }
  SteadyTime steady_now() const override { return clock_.steady_now(); }
  boost::asio::awaitable<void> sleep_until(SteadyTime deadline) override {
    ++sleeps;
    return clock_.sleep_until(deadline);
  }
  int sleeps = 0;

 private:
  testing::SimClock& clock_;
};

class DeadlineTest : public ::testing::Test {
 protected:
  void pass(std::chrono::milliseconds time) {
    const SteadyTime until = clock_.steady_now() + time;
    do {
      testing::run_ready(io_);
    } while (clock_.advance_until(until));
    testing::run_ready(io_);
  }
  SteadyTime in(std::chrono::milliseconds time) const { return clock_.steady_now() + time; }

  boost::asio::io_context io_;
  testing::SimClock clock_;
  CountingClock counting_{clock_};
  int calls_ = 0;
  Deadline deadline_{io_.get_executor(), counting_, [this] { ++calls_; }};
};

TEST_F(DeadlineTest, CallsOnceAtItsTime) {
  deadline_.set(in(10s));
  pass(9'999ms);
  EXPECT_EQ(calls_, 0);
  EXPECT_TRUE(deadline_.is_set());
  pass(1ms);
  EXPECT_EQ(calls_, 1);
  EXPECT_FALSE(deadline_.is_set());
  pass(100s);
  EXPECT_EQ(calls_, 1);
}

TEST_F(DeadlineTest, LiftedItNeverCalls) {
  deadline_.set(in(10s));
  pass(5s);
  deadline_.lift();
  pass(100s);
  EXPECT_EQ(calls_, 0);
}

TEST_F(DeadlineTest, MovedLaterItCallsThen) {
  deadline_.set(in(10s));
  pass(9s);
  deadline_.set(in(30s));
  pass(29'999ms);
  EXPECT_EQ(calls_, 0);
  pass(1ms);
  EXPECT_EQ(calls_, 1);
}

TEST_F(DeadlineTest, MovedEarlierItCallsThenAndNotAgain) {
  deadline_.set(in(75s));
  pass(1s);
  deadline_.set(in(10s));
  pass(10s);
  EXPECT_EQ(calls_, 1);
  pass(100s);
  EXPECT_EQ(calls_, 1);
}

TEST_F(DeadlineTest, SetWithinTheCallItCallsAgain) {
  Deadline twice(io_.get_executor(), clock_, [&] {
    if (++calls_ == 1) twice.set(in(2s));
  });
  twice.set(in(1s));
  pass(2'999ms);
  EXPECT_EQ(calls_, 1);
  pass(1ms);
  EXPECT_EQ(calls_, 2);
}

TEST_F(DeadlineTest, SetAThousandTimesItSleepsOnce) {
  for (int i = 0; i < 1000; ++i) {
    deadline_.set(in(10s));
    pass(1ms);
    deadline_.lift();
  }
  testing::run_ready(io_);
  EXPECT_EQ(counting_.sleeps, 1);
  pass(100s);
  EXPECT_EQ(calls_, 0);
}

TEST_F(DeadlineTest, StoppedNothingSleepsAndItCanBeginAnew) {
  deadline_.set(in(10s));
  testing::run_ready(io_);
  deadline_.stop();
  testing::run_ready(io_);
  EXPECT_FALSE(clock_.advance());
  deadline_.set(in(3s));
  pass(3s);
  EXPECT_EQ(calls_, 1);
}

// Stopped and set anew in the instant in which its time had come: the sleeper that wakes is not the
// one that counts.
TEST_F(DeadlineTest, AWakingSleeperThatWasStoppedDoesNothing) {
  deadline_.set(in(10s));
  testing::run_ready(io_);
  clock_.advance();  // the alarm has fired, its sleeper has not run yet
  deadline_.stop();
  deadline_.set(in(5s));
  pass(4'999ms);
  EXPECT_EQ(calls_, 0);
  pass(1ms);
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(counting_.sleeps, 2) << "the stopped one slept on";
}

}  // namespace
}  // namespace certrelay
