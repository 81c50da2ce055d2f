#pragma once

#include <boost/asio/awaitable.hpp>

namespace certrelay {

// For work that nobody awaits: `work`, to its end or its cancellation. Any other exception is a bug
// and ends the process, which its supervisor starts again; a session or the housekeeping that died
// in silence would look healthy.
boost::asio::awaitable<void> or_abort(boost::asio::awaitable<void> work);

}  // namespace certrelay
