// Goal: a stop of the housekeeping never comes in the middle of one of its
// steps. Method: a pool of two threads and a step that holds one of them until
// the test lets it go; what was given to the pool after the stop tells when the
// stop had its turn.
#include "firmware/daemon/stoppable_work.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <latch>

#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

class StoppableWorkTest : public ::testing::Test {
 protected:
  ~StoppableWorkTest() override { pool_.join(); }

  // What was given to the pool before this has had its turn, as far as a thread
  // was free for it.
  void let_the_free_thread_work() { asio::post(pool_, asio::use_future).wait(); }

  asio::awaitable<void> sleep() { co_await clock_.sleep_until(SteadyTime::max()); }

  asio::thread_pool pool_{2};
  testing::SimClock clock_;
};

TEST_F(StoppableWorkTest, AStopEndsWhatSleeps) {
  StoppableWork work(pool_.get_executor(), sleep());
  work.stop();
  work.wait();
}

// Asio's handler of a cancellation is called by whoever gives it: it tells when
// that was.
TEST_F(StoppableWorkTest, AStopWaitsForTheStepUnderWay) {
  std::latch entered(1), leave(1);
  std::atomic<bool> told = false;
  const auto step = [&]() -> asio::awaitable<void> {
    auto slot = (co_await asio::this_coro::cancellation_state).slot();
    slot.assign([&told](asio::cancellation_type) { told = true; });
    entered.count_down();
    leave.wait();
    slot.clear();
    co_await sleep();
  };
  StoppableWork work(pool_.get_executor(), step());
  entered.wait();
  work.stop();
  let_the_free_thread_work();
  EXPECT_FALSE(told);
  leave.count_down();
  work.wait();
}

TEST_F(StoppableWorkTest, AWholeStepGoesOnElsewhereAndTheStopEndsTheWorkBehindIt) {
  asio::thread_pool home(1), elsewhere(1);
  std::latch entered(1), leave(1);
  std::atomic<int> ended = 0;
  const auto there = [&]() -> asio::awaitable<void> {
    entered.count_down();
    leave.wait();
    // Behind the stop, if that came here; the next wait is one that it would
    // end.
    co_await asio::post(asio::use_awaitable);
    co_await asio::post(asio::use_awaitable);
    ++ended;
  };
  const auto step = [&]() -> asio::awaitable<void> {
    co_await asio::co_spawn(elsewhere, there(), asio::use_awaitable);
    ++ended;
  };
  const auto steps = [&]() -> asio::awaitable<void> {
    co_await whole(step());
    co_await sleep();
    ++ended;  // never
  };
  StoppableWork work(home.get_executor(), steps());
  entered.wait();
  work.stop();
  asio::post(home, asio::use_future).wait();  // behind the stop
  leave.count_down();
  work.wait();
  EXPECT_EQ(ended, 2);
  elsewhere.join();
  home.join();
}

}  // namespace
}  // namespace certrelay
