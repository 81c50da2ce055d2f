// The end of a machine (R19): ordered by two persons while the relay runs, carried out by hand when
// it has stopped, the ledger only after its copy elsewhere was verified.
#pragma once

#include <atomic>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/vault.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

// All outlive the verbs. `ordered`: from then on nobody is served, over restarts too.
struct DecommissionLevers {
  const Config& config;
  Files& files;
  Clock& clock;
  LedgerPort& ledger;
  std::atomic<bool>& ordered;
};

// decommission.order: the entry, then the marker that no start gets past, then the end of service.
void add_decommission_action(OperatorVerbs& verbs, const DecommissionLevers& levers);

// Destroys the residents' data and keys of a stopped relay and writes the entry about it; returns
// the record of sanitisation (NIST SP 800-88). May be called again after a power cut. Throws
// StartFailure.
std::string sanitise_site(const Config& config, Vault::Seams seams);

// Destroys the ledger of a stopped relay whose residents' data are gone: when the ledger under
// `copy` (a state directory) verifies and equals it, or its last entry is past five years. Throws
// StartFailure.
void destroy_site_ledger(const Config& config, Vault::Seams seams, const std::string& copy);

}  // namespace certrelay
