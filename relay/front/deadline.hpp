#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <memory>

#include "relay/env/clock.hpp"

namespace certrelay {

// One deadline at a time, set and lifted at almost no cost: a coroutine sleeps until the earliest
// time it was ever given, looks whether the deadline has moved, and sleeps on. A timer for each
// read and write cost a third of the front's time (decision 0076). One thread: the executor's.
class Deadline {
 public:
  // `late` is called once for a deadline that has passed. `clock` must outlive the executor's
  // coroutines.
  Deadline(boost::asio::any_io_executor executor, Clock& clock, std::function<void()> late);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  // In place of the one before.
  void set(SteadyTime at);
  void lift();
  bool is_set() const;
  // Ends the coroutine. Needed once before the owner ends, while the executor still runs: it would
  // sleep on. set() begins anew.
  void stop();

 private:
  struct State;
  using Signal = std::shared_ptr<boost::asio::cancellation_signal>;
  static boost::asio::awaitable<void> watch(std::shared_ptr<State> state, Signal own);
  void wake_at(SteadyTime at);

  std::shared_ptr<State> state_;  // the watching coroutine has a share
};

}  // namespace certrelay
