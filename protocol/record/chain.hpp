// The chain through the ledger's entries: each value commits to every entry before it.
#pragma once

#include <string_view>

#include "protocol/record/entry.hpp"
#include "protocol/record/merkle.hpp"

namespace certrelay {

// SHA-256("certrelay ledger v1" NUL ‖ origin): the value before the first entry, another in each
// ledger.
Digest chain_start(std::string_view origin);
// SHA-256(0x02 ‖ previous ‖ leaf): the value of the entry with that leaf.
Digest chain_value(const Digest& previous, const Digest& leaf);

// Where a ledger stands after its last entry; the same walk writes and verifies.
struct ChainState {
  LedgerSequence last;
  Digest chain{};
  MerkleFrontier tree;
  friend bool operator==(const ChainState&, const ChainState&) = default;
};
ChainState empty_chain(std::string_view origin);

// Takes the next entry's canonical bytes into the state; precondition: they are the encoding of an
// entry whose number is state.last + 1.
void extend_chain(ChainState& state, ByteView entry);

// Takes the next stored entry after checking it; on an error the state stays before it.
// Errors: decode_entry's, kSequenceGap, kChainBroken (`stored_chain` is not what these bytes give).
Result<Entry> verify_next(ChainState& state, ByteView entry, ByteView stored_chain);

}  // namespace certrelay
