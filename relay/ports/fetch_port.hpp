// The one way to the outside: bytes to one of the configured addresses, and the bytes that come
// back.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

// Thread-safe.
class FetchPort {
 public:
  FetchPort() = default;
  FetchPort(const FetchPort&) = delete;
  FetchPort& operator=(const FetchPort&) = delete;
  virtual ~FetchPort() = default;

  // `address`: an index into the configured ones. Nothing of the answer has been checked.
  // Errors: kOcspNoAnswer, by `deadline` at the latest.
  virtual boost::asio::awaitable<Result<Bytes>> exchange(std::size_t address, Bytes request,
                                                         SteadyTime deadline) = 0;
};

}  // namespace certrelay
