// Goal: work that nobody awaits may be cancelled, and may not die in silence.
#include "firmware/daemon/or_abort.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

TEST(OrAbortTest, AnExceptionThatNobodyAwaitsEndsTheProcess) {
  const auto run = [] {
    asio::io_context io(1);
    const auto fails = []() -> asio::awaitable<void> {
      throw std::runtime_error("a bug");
      co_return;
    };
    asio::co_spawn(io, or_abort(fails()), asio::detached);
    io.run();
  };
  EXPECT_DEATH(run(), "is_cancellation");
}

// Also of works side by side, which end with an exception each.
TEST(OrAbortTest, ACancellationIsAnOrdinaryEnd) {
  using namespace asio::experimental::awaitable_operators;
  asio::io_context io(1);
  testing::SimClock clock;
  asio::cancellation_signal stop;
  const auto sleeper = [&clock]() -> asio::awaitable<void> {
    co_await clock.sleep_until(SteadyTime::max());
  };
  int ended = 0;
  const auto count = [&ended](const std::exception_ptr& error) {
    EXPECT_EQ(error, nullptr);
    ++ended;
  };
  asio::co_spawn(io, or_abort(sleeper() && sleeper()),
                 asio::bind_cancellation_slot(stop.slot(), count));
  io.poll();
  EXPECT_EQ(ended, 0);
  stop.emit(asio::cancellation_type::all);
  io.restart();
  io.poll();
  EXPECT_EQ(ended, 1);
}

}  // namespace
}  // namespace certrelay
