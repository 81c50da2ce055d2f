#include "relay/ledger/prove.hpp"

#include "relay/ledger/export_reader.hpp"

namespace certrelay {
namespace {

Error contradicted() {
  return {ErrorCode::kCheckpointMismatch, "ledger: a signed checkpoint contradicts the entries"};
}

// One walk: the hashes of the ranges, and whether the trees of the checkpoints are met.
Result<std::vector<Digest>> collect(const EntryWalk& walk, std::vector<LeafRange> ranges,
                                    const std::vector<Checkpoint>& checkpoints,
                                    const std::function<void(ByteView, LedgerSequence)>& look) {
  std::optional<ProofBuilder> builder;
  std::size_t met = 0;
  const auto meet = [&](const ChainState& state) -> Result<void> {
    for (const auto& one : checkpoints) {
      if (one.size != state.tree.size()) continue;
      if (one.root != state.tree.root()) return contradicted();
      ++met;
    }
    return ok();
  };
  const EntryWalker walker{.begin = [&](const ChainState& before) -> Result<void> {
                             CERTRELAY_TRY(builder,
                                           ProofBuilder::begin(std::move(ranges), before.tree));
                             return meet(before);
                           },
                           .take = [&](ByteView entry, const ChainState& after) -> Result<void> {
                             builder->take(leaf_hash(entry));
                             look(entry, after.last);
                             return meet(after);
                           }};
  CERTRELAY_TRY(walk(walker));
  if (met < checkpoints.size()) {
    return Error{ErrorCode::kLedgerRolledBack,
                 "ledger: the entries end before a checkpoint that was handed out"};
  }
  return builder->hashes();
}

}  // namespace

EntryWalk walk_of_store(LedgerStore& store) {
  return [&store](const EntryWalker& walker) -> Result<void> {
    CERTRELAY_TRY(const auto base, store.base());
    CERTRELAY_TRY(walker.begin(base));
    const auto visit = [&](const Entry&, ByteView bytes, const ChainState& state) {
      return walker.take(bytes, state);
    };
    CERTRELAY_TRY(const auto finding, store.walk(visit));
    if (finding) return finding->error;
    return ok();
  };
}

EntryWalk walk_of_export(Files& files, std::string path) {
  return [&files, path = std::move(path)](const EntryWalker& walker) -> Result<void> {
    ExportVerifier lines;
    const auto taken = [&](std::string_view line) -> Result<void> {
      CERTRELAY_TRY(const auto parsed, parse_export_line(line));
      if (std::holds_alternative<ExportHead>(parsed)) return walker.begin(lines.state());
      const auto* stored = std::get_if<ExportEntry>(&parsed);
      if (stored == nullptr) return ok();
      return walker.take(stored->entry, lines.state());
    };
    CERTRELAY_TRY(const auto read, read_export(files, path, lines, taken));
    if (read.wrong) return *read.wrong;
    return ok();
  };
}

Result<EntryProof> prove_entry(const EntryWalk& walk, LedgerSequence entry,
                               const Checkpoint& checkpoint, std::string note) {
  if (entry == LedgerSequence() || entry.value() > checkpoint.size) {
    return Error{ErrorCode::kNotFound, "proof: no such entry under the checkpoint"};
  }
  EntryProof out{{}, entry.value() - 1, {}, std::move(note)};
  const auto look = [&](ByteView bytes, LedgerSequence at) {
    if (at == entry) out.entry.assign(bytes.begin(), bytes.end());
  };
  CERTRELAY_TRY(out.hashes,
                collect(walk, inclusion_ranges(out.index, checkpoint.size), {checkpoint}, look));
  if (out.entry.empty()) return Error{ErrorCode::kEntryPruned, "proof: the entry has left"};
  return out;
}

Result<GrowthProof> prove_growth(const EntryWalk& walk, const Checkpoint& old,
                                 const Checkpoint& checkpoint, std::string note) {
  if (old.size == 0 || old.size > checkpoint.size || old.origin != checkpoint.origin) {
    return Error{ErrorCode::kMalformed,
                 "proof: not two checkpoints of one ledger, older and newer"};
  }
  GrowthProof out{old.size, {}, std::move(note)};
  CERTRELAY_TRY(out.hashes, collect(walk, consistency_ranges(old.size, checkpoint.size),
                                    {old, checkpoint}, [](ByteView, LedgerSequence) {}));
  return out;
}

}  // namespace certrelay
