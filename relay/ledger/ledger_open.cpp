// Opening: everything is read and verified before the first append.
#include <algorithm>

#include "relay/ledger/ledger.hpp"
#include "relay/ledger/unfinished.hpp"

namespace certrelay {
namespace {

struct Walked {
  UnfinishedTransactions unfinished;
  std::optional<UtcTime> last_trusted;
  StandingOrders standing;
  std::vector<RecordedCrl> crls;
};

// A list that was put in force; `period_from` is its thisUpdate. One that was refused has a reason.
void take_crl(const Entry& entry, std::vector<RecordedCrl>& crls) {
  if (entry.kind != EntryKind::kCrlLoaded || entry.reason != ErrorCode::kNone ||
      !entry.crl_issuer || !entry.crl_number || !entry.period_from) {
    return;
  }
  RecordedCrl loaded{*entry.crl_issuer, *entry.crl_number, *entry.period_from};
  const auto known = std::find_if(crls.begin(), crls.end(), [&](const RecordedCrl& one) {
    return one.issuer == loaded.issuer;
  });
  if (known == crls.end()) {
    crls.push_back(std::move(loaded));
  } else {
    *known = std::move(loaded);
  }
}

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

Result<Walked> walk(LedgerStore& store, const std::optional<Checkpoint>& checkpoint) {
  Walked out;
  CERTRELAY_TRY(const auto base, store.base());
  bool matched = !checkpoint || checkpoint->size == 0;
  if (checkpoint && checkpoint->size == base.tree.size()) {
    if (checkpoint->root != base.tree.root()) return mismatch();
    matched = true;
  }
  const auto visit = [&](const Entry& entry, ByteView, const ChainState& state) -> Result<void> {
    out.unfinished.take(entry);
    out.standing.take(entry);
    take_crl(entry, out.crls);
    if ((entry.flags & kEntryClockDoubted) == 0) out.last_trusted = entry.utc;
    if (checkpoint && checkpoint->size == state.tree.size()) {
      if (checkpoint->root != state.tree.root()) return mismatch();
      matched = true;
    }
    return ok();
  };
  CERTRELAY_TRY(const auto finding, store.walk(visit));
  if (finding) return finding->error;
  // A checkpoint over more entries than there are: this file is an older copy.
  if (!matched) {
    return Error{ErrorCode::kLedgerRolledBack,
                 "ledger: the entries end before a checkpoint that was handed out"};
  }
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
  CERTRELAY_TRY(const auto walked, walk(store, checkpoint));
  Verified verified(std::move(parts), std::move(options), std::move(store));
  const auto reserved = verified.reserve_.take();
  // On a full disk it starts all the same, to end what was begun.
  if (!reserved && reserved.error().code != ErrorCode::kDiskFull) return reserved.error();
  verified.unfinished_ = walked.unfinished.closing_entries();
  verified.last_trusted_ = walked.last_trusted;
  verified.standing_ = walked.standing;
  verified.crls_ = walked.crls;
  verified.base_ = base;
  verified.checkpoint_size_ = checkpoint ? checkpoint->size : 0;
  return std::make_unique<Ledger>(std::move(verified));
}

}  // namespace certrelay
