// Internal to the erasure: a coroutine with a Result on another executor. Asio wants a default for
// what a coroutine returns, and a Result has none.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "protocol/base/result.hpp"

namespace certrelay {

template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<T> work, std::optional<T>* out) {
  out->emplace(co_await std::move(work));
}

template <class T>
boost::asio::awaitable<T> run_on(boost::asio::any_io_executor executor,
                                 boost::asio::awaitable<T> work) {
  std::optional<T> out;
  auto kept = keep_result(std::move(work), &out);
  co_await boost::asio::co_spawn(executor, std::move(kept), boost::asio::use_awaitable);
  co_return std::move(*out);
}

}  // namespace certrelay
