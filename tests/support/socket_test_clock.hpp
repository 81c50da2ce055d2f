// The machine's clock, for tests that talk to a real socket; they wait for events, never for time.
#pragma once

#include "protocol/base/check.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

class SocketTestClock final : public Clock {
 public:
  UtcTime utc_now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
  }
  SteadyTime steady_now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now());
  }
  boost::asio::awaitable<void> sleep_until(SteadyTime) override {
    CERTRELAY_CHECK(false);  // no test of a socket sleeps
    co_return;
  }
};

}  // namespace certrelay
