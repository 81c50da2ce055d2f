// Opening: the last checkpoint and what came after it are verified before the first append.
#include "relay/ledger/ledger.hpp"

namespace certrelay {
namespace {

// What the entries come to, and how many of them were read for it.
struct Walked {
  StartState so_far;
  std::uint64_t read = 0;
};

Error mismatch() {
  return {ErrorCode::kCheckpointMismatch, "ledger: a signed checkpoint contradicts the entries"};
}

Result<std::optional<Checkpoint>> newest_checkpoint(CheckpointFolder& folder,
                                                    const NoteVerifier& verifier) {
  CERTRELAY_TRY(const auto sizes, folder.sizes());
  if (sizes.empty()) return std::optional<Checkpoint>();
  CERTRELAY_TRY(auto checkpoint, folder.read(sizes.back(), verifier));
  return std::optional(std::move(checkpoint));
}

Error older_copy() {
  // A checkpoint over more entries than there are: this file is an older copy.
  return {ErrorCode::kLedgerRolledBack,
          "ledger: the entries end before a checkpoint that was handed out"};
}

// Whether the checkpoint is of that state; its root must be.
Result<bool> matches(const std::optional<Checkpoint>& checkpoint, const ChainState& state) {
  if (!checkpoint || checkpoint->size != state.tree.size()) return false;
  if (checkpoint->root != state.tree.root()) return mismatch();
  return true;
}

// Reads what lies behind the mark, or everything. What lies before it is the background's.
Result<Walked> walk(LedgerStore& store, const ChainState& base,
                    const std::optional<Checkpoint>& checkpoint, std::optional<StartMark> mark) {
  if (mark && mark->at.last > store.stated().last) return older_copy();
  // Of a mark that ends where the pruned entries end no entry is left to hold it against.
  if (mark && mark->at.last <= base.last) mark.reset();
  Walked out;
  if (mark) out.so_far = std::move(mark->state);
  const auto& from = mark ? mark->at : base;
  bool matched = !checkpoint || checkpoint->size < from.tree.size();
  CERTRELAY_TRY(const auto at_start, matches(checkpoint, from));
  matched = matched || at_start;
  const auto visit = [&](const Entry& entry, ByteView, const ChainState& state) -> Result<void> {
    out.so_far.take(entry);
    ++out.read;
    CERTRELAY_TRY(const auto here, matches(checkpoint, state));
    matched = matched || here;
    return ok();
  };
  CERTRELAY_TRY(const auto finding, mark ? store.walk_after(from, visit) : store.walk(visit));
  if (finding) return finding->error;
  if (!matched) return older_copy();
  return out;
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(Parts parts, LedgerOptions options) {
  CERTRELAY_TRY(auto store, LedgerStore::open(parts.vfs, options.path, options.durability));
  if (store.origin() != parts.key.origin()) {
    return Error{ErrorCode::kUnknownKey, "ledger: the checkpoint key is another ledger's"};
  }
  if (const auto& note = store.pruning()) {
    CERTRELAY_TRY(verify_checkpoint(*note, parts.key.verifier()));
  }
  CERTRELAY_TRY(const auto base, store.base());
  CERTRELAY_TRY(LedgerStore::write_log_again(parts.files, options.path));
  CheckpointFolder folder(parts.files, options.checkpoint_folder);
  CERTRELAY_TRY(folder.prepare());
  CERTRELAY_TRY(const auto checkpoint, newest_checkpoint(folder, parts.key.verifier()));
  CERTRELAY_TRY(auto mark, read_start_mark(parts.files, options.path, parts.key.verifier()));
  CERTRELAY_TRY(auto walked, walk(store, base, checkpoint, std::move(mark)));
  Verified verified(std::move(parts), std::move(options), std::move(store));
  const auto reserved = verified.reserve_.take();
  // On a full disk it starts all the same, to end what was begun.
  if (!reserved && reserved.error().code != ErrorCode::kDiskFull) return reserved.error();
  verified.so_far_ = std::move(walked.so_far);
  verified.read_ = walked.read;
  verified.base_ = base;
  verified.checkpoint_size_ = checkpoint ? checkpoint->size : 0;
  return std::make_unique<Ledger>(std::move(verified));
}

}  // namespace certrelay
