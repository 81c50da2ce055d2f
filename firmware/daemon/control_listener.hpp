#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "firmware/daemon/control_channel.hpp"

namespace certrelay {

// Takes the parent's links and calls to reload as they come; completes when the parent is gone.
boost::asio::awaitable<void> listen_to_parent(std::function<void(Role, OwnedFd)> on_link,
                                              std::function<void(const Digest&)> on_reload);

}  // namespace certrelay
