#include "tests/support/sim_clock.hpp"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace certrelay::testing {

namespace asio = boost::asio;

asio::awaitable<void> SimClock::sleep_until(SteadyTime deadline) {
  const auto executor = co_await asio::this_coro::executor;
  auto start = [this, deadline, executor](auto handler) {
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    auto slot = asio::get_associated_cancellation_slot(*held);
    const Key key{deadline, next_++};
    alarms_.emplace(key, [held, executor](boost::system::error_code code) {
      asio::post(executor, [held, code] { std::move (*held)(code); });
    });
    if (slot.is_connected()) {
      // By key, not by iterator: the alarm may have fired already.
      slot.assign([this, key](asio::cancellation_type) {
        fire(alarms_.find(key), asio::error::operation_aborted);
      });
    }
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      start, asio::use_awaitable);
}

bool SimClock::advance() {
  if (alarms_.empty()) return false;
  now_ = std::max(now_, alarms_.begin()->first.first);
  fire(alarms_.begin(), {});
  return true;
}

bool SimClock::advance_until(SteadyTime deadline) {
  if (!alarms_.empty() && alarms_.begin()->first.first <= deadline) return advance();
  now_ = std::max(now_, deadline);
  return false;
}

void SimClock::fire(Alarms::iterator alarm, boost::system::error_code code) {
  if (alarm == alarms_.end()) return;
  auto call = std::move(alarm->second);
  alarms_.erase(alarm);
  call(code);
}

void run_ready(asio::io_context& io) {
  io.restart();
  while (io.poll() != 0) {
  }
}

void run_to_end(asio::io_context& io, SimClock& clock) {
  do {
    run_ready(io);
  } while (clock.advance());
}

}  // namespace certrelay::testing
