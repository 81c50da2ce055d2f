#pragma once

#include "relay/env/entropy.hpp"
#include "relay/identity/current_cards.hpp"
#include "relay/identity/ocsp_statuses.hpp"
#include "relay/ports/card_status_port.hpp"
#include "relay/ports/fetch_port.hpp"

namespace certrelay {

struct OcspStepSettings {
  std::size_t responders = 1;                  // addresses, tried in turn
  std::chrono::milliseconds timeout{3000};     // for all of them together
  std::chrono::seconds age_max{24 * 60 * 60};  // since thisUpdate
};

// Asks the responder about a card before it is verified (docs/decisions/0013): only about one whose
// path to a pinned root is valid and that no list names, with a fresh nonce, and believes nothing
// but an answer that repeats it.
class OcspStep final : public CardStatusPort {
 public:
  // All outlive it.
  struct Parts {
    const CurrentCards& cards;
    OcspStatuses& statuses;
    FetchPort& fetch;
    Clock& clock;
    Entropy& entropy;
  };
  OcspStep(OcspStepSettings settings, Parts parts) : settings_(settings), parts_(parts) {}

  boost::asio::awaitable<void> learn(Bytes certificate_der, SteadyTime deadline) override;

 private:
  boost::asio::awaitable<Result<Bytes>> ask(Bytes request, SteadyTime deadline);
  OcspStatuses::Said judge(const Result<Bytes>& answer, const CardVerifier& cards,
                           const Authority& issuer, ByteView serial, const OcspNonce& nonce) const;

  const OcspStepSettings settings_;
  const Parts parts_;
};

}  // namespace certrelay
