// Refusals before a transaction exists, counted until they are reported to the vault: counts only,
// so that a flood costs bounded memory and bounded ledger entries (R42).
#pragma once

#include <map>
#include <vector>

#include "protocol/wire/vault_frame.hpp"

namespace certrelay {

// The few words in which the ledger keeps a refusal of the front.
FrontRefusal refusal_kind(ErrorCode code);

// One thread. At most one count a configured peer and kind, and one a kind for all others.
class FrontCounters {
 public:
  // Without a peer: never authenticated. Saturates.
  void add(const std::optional<PeerName>& peer, ErrorCode code);

  // Everything since the last call, and forgets it.
  std::vector<RefusalsFrame> take();
  // What was taken and could not be sent.
  void put_back(const RefusalsFrame& refusals);

 private:
  std::map<std::pair<std::optional<PeerName>, FrontRefusal>, std::uint32_t> counts_;
};

}  // namespace certrelay
