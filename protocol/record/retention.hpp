// Five years from the entry (R35, R41), then it may leave: by whole blocks from the ledger's
// beginning, and with a signed statement from which the chain and the tree go on.
#pragma once

#include "protocol/record/checkpoint.hpp"

namespace certrelay {

inline constexpr std::chrono::years kLedgerRetention{5};
inline constexpr std::uint64_t kPruningBlock = 4096;  // entries; a statement ends at a multiple

// The last day (JST) on which what was written at that time must be kept: the same day five years
// later, of 29 February the last day of February.
JstDay retention_until(UtcTime written);

// What stands in the place of the entries that left.
struct PruningStatement {
  std::string origin;
  ChainState state;  // after the last entry that left
  UtcTime newest{};  // the time of the youngest of them
  UtcTime pruned_at{};
  friend bool operator==(const PruningStatement&, const PruningStatement&) = default;
};

// As the checkpoint over those entries, whose extension lines say the rest (FORMAT.md).
Checkpoint to_checkpoint(const PruningStatement& statement);
// Errors: kStatementInvalid (lines, a size that ends no block, a tree or root of another size);
// kRetentionNotOver (pruned on or before retention_until(newest)).
Result<PruningStatement> parse_pruning(const Checkpoint& checkpoint);
// From a signed note, whose signature is the caller's to verify. Errors: those above; parse_note's.
Result<PruningStatement> parse_pruning_note(std::string_view note);

}  // namespace certrelay
