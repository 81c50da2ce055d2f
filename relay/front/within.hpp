#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "protocol/base/result.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

// What `work` returns, or the error `late` once the deadline has passed; the work is then
// cancelled and has ended before this returns.
template <class T>
boost::asio::awaitable<Result<T>> within(Clock& clock, SteadyTime deadline, ErrorCode late,
                                         boost::asio::awaitable<Result<T>> work) {
  using boost::asio::experimental::awaitable_operators::operator||;
  auto first = co_await (std::move(work) || clock.sleep_until(deadline));
  if (first.index() == 1) co_return Error{late, "deadline"};
  co_return std::move(std::get<0>(first));
}

}  // namespace certrelay
