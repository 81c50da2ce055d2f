#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "firmware/daemon/owned_fd.hpp"
#include "relay/ports/fetch_port.hpp"

namespace certrelay {

// A new connection to certrelay-fetch, by the deadline; none: nobody answers. Any thread.
using ConnectFetch = std::function<OwnedFd(SteadyTime)>;

// Connects to that Unix socket without waiting.
OwnedFd connect_fetch(const std::string& socket_path);

// The vault's end of README.md: one connection to certrelay-fetch an exchange, on a few threads of
// its own, because it blocks. Opens nothing itself.
class FetchClient final : public FetchPort {
 public:
  FetchClient(ConnectFetch connect, Clock& clock) : connect_(std::move(connect)), clock_(clock) {}

  boost::asio::awaitable<Result<Bytes>> exchange(std::size_t address, Bytes request,
                                                 SteadyTime deadline) override;
  // Waits for the exchanges that are on their way.
  void join() { threads_.join(); }

 private:
  // Blocks until `deadline` at the latest. Errors: kOcspNoAnswer.
  Result<Bytes> exchange_now(std::size_t address, const Bytes& request, SteadyTime deadline) const;

  const ConnectFetch connect_;
  Clock& clock_;
  boost::asio::thread_pool threads_{4};
};

}  // namespace certrelay
