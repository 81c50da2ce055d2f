#pragma once

#include "relay/env/clock.hpp"

namespace certrelay {

// The machine's clocks. sleep_until throws boost::system::system_error when cancelled, as Asio's
// own operations do. Thread-safe, stateless.
class SystemClock final : public Clock {
 public:
  UtcTime utc_now() const override;
  SteadyTime steady_now() const override;
  boost::asio::awaitable<void> sleep_until(SteadyTime deadline) override;
};

}  // namespace certrelay
