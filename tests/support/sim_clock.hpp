#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>

#include "relay/env/clock.hpp"

namespace certrelay::testing {

// Time that moves only when advance() is called. Equal deadlines fire in the order they were set.
// Starts at 2026-11-22T03:00:00Z (noon in Japan, a service day). One thread.
class SimClock final : public Clock {
 public:
  UtcTime utc_now() const override { return utc_base_ + now_.time_since_epoch(); }
  SteadyTime steady_now() const override { return now_; }
  boost::asio::awaitable<void> sleep_until(SteadyTime deadline) override;

  // An administrator sets the date; the steady clock does not notice.
  void step_utc(std::chrono::milliseconds by) { utc_base_ += by; }
  // Lets time pass without firing what becomes due on the way.
  void pass(std::chrono::milliseconds by) { now_ += by; }
  // Drops who still sleeps, while the executors that they sleep on live.
  void forget_alarms() { alarms_.clear(); }
  // Jumps to the earliest alarm and fires it. Returns false when there is none.
  bool advance();
  // Fires what is due until `deadline`, then stands there.
  bool advance_until(SteadyTime deadline);

 private:
  using Key = std::pair<SteadyTime, std::uint64_t>;  // the number breaks ties
  using Alarms = std::map<Key, std::function<void(boost::system::error_code)>>;
  void fire(Alarms::iterator alarm, boost::system::error_code code);

  SteadyTime now_{};
  UtcTime utc_base_{std::chrono::milliseconds{1'795'316'400'000}};
  std::uint64_t next_ = 0;
  Alarms alarms_;
};

// Runs what is ready, and what that makes ready.
void run_ready(boost::asio::io_context& io);
// Runs until nothing is ready and no alarm is left.
void run_to_end(boost::asio::io_context& io, SimClock& clock);

}  // namespace certrelay::testing
