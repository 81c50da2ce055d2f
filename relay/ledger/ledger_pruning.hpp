// Which entries may leave after their five years, and the statements about them (R35, R41).
#pragma once

#include "protocol/record/retention.hpp"
#include "relay/ledger/ledger_reading.hpp"

namespace certrelay {

// One statement for each whole block that may leave at `now`, oldest first; the last one tells how
// far it goes. `base` is the state before the first entry that is there; the entry `last` stays.
// What the entries leave in force (an alarm, what operators stopped, the accounts' version, the
// lists of revoked cards) must be told by the entries that stay.
// Errors: kRetentionNotOver (no block is old enough, or one holds what is in force), the source's.
Result<std::vector<PruningStatement>> plan_pruning(const LedgerSource& source,
                                                   std::string_view origin, const ChainState& base,
                                                   LedgerSequence last, UtcTime now);

}  // namespace certrelay
