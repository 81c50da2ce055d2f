#include "protocol/record/chain.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr std::string_view kStart{"certrelay ledger v1\0", 20};
constexpr std::array<std::uint8_t, 1> kLink{0x02};

}  // namespace

Digest chain_start(std::string_view origin) { return Sha256().add(kStart).add(origin).finish(); }

Digest chain_value(const Digest& previous, const Digest& leaf) {
  return Sha256().add(kLink).add(previous).add(leaf).finish();
}

ChainState empty_chain(std::string_view origin) {
  return ChainState{.last = LedgerSequence(), .chain = chain_start(origin), .tree = {}};
}

void extend_chain(ChainState& state, ByteView entry) {
  const auto leaf = leaf_hash(entry);
  state.last = state.last.next();
  state.chain = chain_value(state.chain, leaf);
  state.tree.append(leaf);
}

Result<Entry> verify_next(ChainState& state, ByteView entry, ByteView stored_chain) {
  CERTRELAY_TRY(auto decoded, decode_entry(entry));
  if (decoded.sequence != state.last.next()) {
    return Error{ErrorCode::kSequenceGap, "ledger: not the next entry's number"};
  }
  const auto leaf = leaf_hash(entry);
  const auto chain = chain_value(state.chain, leaf);
  if (!std::ranges::equal(chain, stored_chain)) {
    return Error{ErrorCode::kChainBroken, "ledger: entry and chain disagree"};
  }
  state.last = decoded.sequence;
  state.chain = chain;
  state.tree.append(leaf);
  return decoded;
}

}  // namespace certrelay
