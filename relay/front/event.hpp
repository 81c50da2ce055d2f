#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/base/result.hpp"

namespace certrelay {

// Something that happens once (until reset) and that any number of coroutines wait for. One
// thread. A timer that never expires is Asio's way to wait for a word: no clock is asked.
class Event {
 public:
  explicit Event(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  void set() {
    is_set_ = true;
    timer_.cancel();
  }
  void reset() { is_set_ = false; }
  bool is_set() const { return is_set_; }

  // Returns when it is set, or when the waiting coroutine is cancelled; is_set() tells which.
  boost::asio::awaitable<Result<void>> wait() {
    if (!is_set_) {
      co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return ok();
  }

 private:
  boost::asio::steady_timer timer_;
  bool is_set_ = false;
};

}  // namespace certrelay
