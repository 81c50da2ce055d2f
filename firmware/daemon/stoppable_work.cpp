#include "firmware/daemon/stoppable_work.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <memory>

#include "firmware/daemon/or_abort.hpp"

namespace certrelay {
namespace asio = boost::asio;

StoppableWork::StoppableWork(const asio::any_io_executor& workers, asio::awaitable<void> work)
    : strand_(workers),
      ended_(asio::co_spawn(strand_, or_abort(std::move(work)),
                            asio::bind_cancellation_slot(signal_.slot(), asio::use_future))) {}

void StoppableWork::stop() {
  told_ =
      asio::post(strand_, asio::use_future([this] { signal_.emit(asio::cancellation_type::all); }));
}

void StoppableWork::wait() const {
  told_.wait();
  ended_.wait();
}

asio::awaitable<void> whole(asio::awaitable<void> step) {
  const auto executor = co_await asio::this_coro::executor;
  // What is told of its end has no slot: the stop is noted here and does not reach the step.
  auto start = [executor](auto handler, asio::awaitable<void> apart) {
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    asio::co_spawn(executor, std::move(apart),
                   [held](std::exception_ptr ended) { std::move (*held)(std::move(ended)); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      start, asio::use_awaitable, std::move(step));
}

}  // namespace certrelay
