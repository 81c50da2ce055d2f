// What issuance asks before it verifies a card, when the card's status comes from outside too.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "protocol/base/bytes.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

// Thread-safe.
class CardStatusPort {
 public:
  CardStatusPort() = default;
  CardStatusPort(const CardStatusPort&) = delete;
  CardStatusPort& operator=(const CardStatusPort&) = delete;
  virtual ~CardStatusPort() = default;

  // Returns at `deadline` at the latest, having asked about the certificate if it had to. What was
  // found out, CardPort::verify knows; so also that nothing was: this never fails. To be called
  // when the challenge is consumed: a slow responder must not keep one alive.
  virtual boost::asio::awaitable<void> learn(Bytes certificate_der, SteadyTime deadline) = 0;
};

}  // namespace certrelay
