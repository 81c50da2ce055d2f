#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "relay/front/byte_stream.hpp"
#include "relay/front/tls.hpp"

namespace certrelay {

// HTTP in the clear: monitoring on loopback alone.
std::unique_ptr<ByteStream> plain_stream(boost::asio::ip::tcp::socket socket);
// Shares the context of `server`, which may be replaced meanwhile.
std::unique_ptr<ByteStream> tls_stream(boost::asio::ip::tcp::socket socket,
                                       const TlsServer& server);

}  // namespace certrelay
