#pragma once

#include <boost/asio/thread_pool.hpp>
#include <string>

#include "relay/ports/fetch_port.hpp"

namespace certrelay {

// The vault's end of README.md: one connection to certrelay-fetch an exchange, on a few threads of
// its own, because it blocks. Never opens anything but that Unix socket.
class FetchClient final : public FetchPort {
 public:
  FetchClient(std::string socket_path, Clock& clock)
      : path_(std::move(socket_path)), clock_(clock) {}

  boost::asio::awaitable<Result<Bytes>> exchange(std::size_t address, Bytes request,
                                                 SteadyTime deadline) override;
  // Waits for the exchanges that are on their way.
  void join() { threads_.join(); }

 private:
  // Blocks until `deadline` at the latest. Errors: kOcspNoAnswer.
  Result<Bytes> exchange_now(std::size_t address, const Bytes& request, SteadyTime deadline) const;

  const std::string path_;
  Clock& clock_;
  boost::asio::thread_pool threads_{4};
};

}  // namespace certrelay
