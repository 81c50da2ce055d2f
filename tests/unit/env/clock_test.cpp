#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>

#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> race(Clock& clock, SteadyTime first, SteadyTime second, std::size_t& winner) {
  using asio::experimental::awaitable_operators::operator||;
  const auto index = (co_await (clock.sleep_until(first) || clock.sleep_until(second))).index();
  winner = index;
}

TEST(SimClockTest, TheEarlierDeadlineWinsAndTheOtherIsCancelled) {
  asio::io_context io;
  testing::SimClock clock;
  std::size_t winner = 9;
  asio::co_spawn(io, race(clock, SteadyTime{5s}, SteadyTime{3s}, winner), asio::detached);
  testing::run_to_end(io, clock);
  EXPECT_EQ(winner, 1U);
  EXPECT_EQ(clock.steady_now(), SteadyTime{3s});
}

TEST(SimClockTest, SteppingTheDateLeavesTheSteadyClockAlone) {
  testing::SimClock clock;
  const auto before = clock.utc_now();
  clock.step_utc(-1h);
  EXPECT_EQ(clock.utc_now(), before - 1h);
  EXPECT_EQ(clock.steady_now(), SteadyTime{});
}

TEST(SystemClockTest, SleepHonoursCancellation) {
  asio::io_context io;
  SystemClock clock;
  std::size_t winner = 9;
  const auto now = clock.steady_now();
  asio::co_spawn(io, race(clock, now + 1h, now, winner), asio::detached);
  io.run();
  EXPECT_EQ(winner, 1U);
  EXPECT_GT(clock.utc_now(), UtcTime{std::chrono::milliseconds{1'700'000'000'000}});
}

TEST(SystemEntropyTest, FillsAllOfABuffer) {
  SystemEntropy entropy;
  Bytes seen(1000);
  for (int i = 0; i < 16; ++i) {
    Bytes out(1000);
    entropy.fill(out);
    for (std::size_t at = 0; at < out.size(); ++at) {
      seen[at] = static_cast<std::uint8_t>(seen[at] | out[at]);
    }
  }
  // A byte that stays 0 in 16 draws: 1000 * 2^-128.
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 0), 0);
}

}  // namespace
}  // namespace certrelay
