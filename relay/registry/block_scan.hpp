#pragma once

#include "protocol/wire/reconciliation_message.hpp"
#include "relay/registry/overlaid_register.hpp"

namespace certrelay {

// People whose records one reconciliation may look at; more is asked for in smaller parts.
inline constexpr std::size_t kReconciledPersonsMax = 50'000;

// The stated blocks in which the register has others, or other records. Quarantines and holds are
// the relay's own and do not count. Errors: kLimitExceeded, damaged bytes.
Result<ReconciliationAnswer> compare_blocks(const OverlaidRegister& now, const Overlay& overlay,
                                            const ReconciliationRequest& request);

}  // namespace certrelay
