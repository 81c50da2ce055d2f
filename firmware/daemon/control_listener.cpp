#include "firmware/daemon/control_listener.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "firmware/daemon/child_process.hpp"

namespace certrelay {
namespace asio = boost::asio;

asio::awaitable<void> listen_to_parent(std::function<void(Role, OwnedFd)> on_link,
                                       ParentCalls calls) {
  asio::posix::stream_descriptor control(co_await asio::this_coro::executor, kControlFd);
  while (true) {
    boost::system::error_code error;
    co_await control.async_wait(asio::posix::stream_descriptor::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    auto message = error ? Result<ControlMessage>(Error{ErrorCode::kChannelClosed, "control"})
                         : receive_control(kControlFd);
    if (!message) break;
    if (message.value().kind == ControlKind::kLink) {
      on_link(message.value().role, std::move(message.value().fd));
    }
    if (message.value().kind == ControlKind::kReload && calls.reload) {
      calls.reload(message.value().configuration, std::move(message.value().fd));
    }
    if (message.value().kind == ControlKind::kFetch && calls.fetch) {
      calls.fetch(std::move(message.value().fd));
    }
  }
}

}  // namespace certrelay
