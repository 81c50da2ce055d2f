// How the streams over a socket end it.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "relay/front/byte_stream.hpp"

namespace certrelay {

// Half-closes, then takes and forgets what still comes, up to a bound. Errors: kConnectionEnded.
boost::asio::awaitable<Result<void>> drain(boost::asio::ip::tcp::socket& socket);
void cancel_now(boost::asio::ip::tcp::socket& socket);
void close_now(boost::asio::ip::tcp::socket& socket);

}  // namespace certrelay
