#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "protocol/base/time.hpp"

namespace certrelay {

using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

// The only source of time in this repository. Production: SystemClock. Tests: SimClock.
//
// Dates come from utc_now(), which an administrator may step; deadlines from steady_now(), which
// nobody can. sleep_until honours asio's cancellation. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime utc_now() const = 0;
  virtual SteadyTime steady_now() const = 0;
  virtual boost::asio::awaitable<void> sleep_until(SteadyTime deadline) = 0;
};

}  // namespace certrelay
