#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "firmware/daemon/control_channel.hpp"

namespace certrelay {

// What the vault is told beside its links: to reload, with the configuration's digest and text; and
// the answers about certrelay-fetch.
struct ParentCalls {
  std::function<void(const Digest&, OwnedFd)> reload;
  std::function<void(OwnedFd)> fetch;
};

// Takes the parent's links and, in the vault, its calls as they come; completes when the parent is
// gone.
boost::asio::awaitable<void> listen_to_parent(std::function<void(Role, OwnedFd)> on_link,
                                              ParentCalls calls = {});

}  // namespace certrelay
