#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <vector>

#include "firmware/fetch/http_address.hpp"
#include "protocol/base/bytes.hpp"

namespace certrelay {

inline constexpr std::size_t kFetchBytesMax = std::size_t{16} * 1024;  // either way
inline constexpr std::size_t kFetchesMax = 32;                         // at once; one more waits

// The server's side of README.md, on one thread. Each step of an exchange ends within `timeout`,
// the system's look-up of a name excepted; the caller has a deadline of its own.
class FetchServer {
 public:
  struct Settings {
    std::vector<HttpAddress> responders;
    std::chrono::milliseconds timeout;
  };
  using Socket = boost::asio::local::stream_protocol::socket;
  using Acceptor = boost::asio::local::stream_protocol::acceptor;

  FetchServer(boost::asio::io_context& io, Settings settings)
      : io_(io), settings_(std::move(settings)) {}

  // Serves until the acceptor is closed.
  boost::asio::awaitable<void> run(Acceptor acceptor);

 private:
  boost::asio::awaitable<void> serve(Socket given);
  boost::asio::awaitable<Bytes> exchange(const HttpAddress& address, Bytes request);

  boost::asio::io_context& io_;
  const Settings settings_;
  std::size_t running_ = 0;
};

}  // namespace certrelay
