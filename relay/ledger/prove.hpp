// Makes proofs (protocol/record/proof.hpp) from a stopped ledger or an export, in one walk that
// verifies every entry on its way.
#pragma once

#include <functional>

#include "protocol/record/proof.hpp"
#include "relay/ledger/ledger_store.hpp"

namespace certrelay {

// Where the entries come from. `begin` gets the state before the first entry, then `take` each
// entry's bytes and the state after it. Errors: the source's, the first bad entry's, the
// callbacks'.
struct EntryWalker {
  std::function<Result<void>(const ChainState& before)> begin;
  std::function<Result<void>(ByteView entry, const ChainState& after)> take;
};
using EntryWalk = std::function<Result<void>(const EntryWalker& walker)>;
EntryWalk walk_of_store(LedgerStore& store);
EntryWalk walk_of_export(Files& files, std::string path);

// That `entry` is one of those under the signed note `checkpoint`, whose text is its parsed form.
// Errors: the walk's; kNotFound (no such entry under it); kEntryPruned; kCheckpointMismatch (the
// entries have another tree), kLedgerRolledBack (they end before it).
Result<EntryProof> prove_entry(const EntryWalk& walk, LedgerSequence entry,
                               const Checkpoint& checkpoint, std::string note);
// That the tree of `checkpoint` continues the one of `old`. Errors: as above, of both; kMalformed
// (`old` is over no entry, or over more).
Result<GrowthProof> prove_growth(const EntryWalk& walk, const Checkpoint& old,
                                 const Checkpoint& checkpoint, std::string note);

}  // namespace certrelay
