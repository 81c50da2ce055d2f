#include "relay/ledger/ledger_check.hpp"

namespace certrelay {

Result<PromisedRoots> promised_by(CheckpointFolder& folder, const NoteVerifier& verifier,
                                  bool readable_only) {
  PromisedRoots out;
  CERTRELAY_TRY(const auto sizes, folder.sizes());
  for (const auto size : sizes) {
    const auto checkpoint = folder.read(size, verifier);
    if (checkpoint) {
      out.roots.emplace(size, checkpoint.value().root);
      continue;
    }
    const auto code = checkpoint.error().code;
    const bool unread = code == ErrorCode::kNotFound || code == ErrorCode::kIoError;
    if (readable_only && unread) continue;
    if (!out.bad) out.bad = LedgerFinding{LedgerSequence(size), checkpoint.error()};
  }
  return out;
}

void keep_earlier(std::optional<LedgerFinding>& kept, const std::optional<LedgerFinding>& other) {
  if (other && (!kept || other->at < kept->at)) kept = other;
}

bool tells_what_runs(EntryKind kind) {
  return kind == EntryKind::kBoot || kind == EntryKind::kConfigurationLoaded ||
         kind == EntryKind::kUpdate;
}

Result<void> LedgerCheck::take(const std::vector<StoredRow>& rows) {
  for (const auto& row : rows) {
    auto next = state_;
    CERTRELAY_TRY(const auto entry, verify_row(next, row));
    const auto root = promised_.roots.find(next.tree.size());
    if (root != promised_.roots.end() && root->second != next.tree.root()) {
      return Error{ErrorCode::kCheckpointMismatch,
                   "ledger: a signed checkpoint contradicts the entries"};
    }
    state_ = std::move(next);
    if (tells_what_runs(entry.kind)) runs_ = entry.sequence;
    if (state_.last.value() % milestone_ == 0) milestones_.push_back({state_, runs_});
  }
  return ok();
}

std::optional<LedgerFinding> LedgerCheck::finish(const ChainState& end) const {
  auto out = promised_.bad;
  if (!(state_ == end)) {
    keep_earlier(out, finish({ErrorCode::kTreeMismatch, "ledger: entries and end disagree"}));
  }
  if (!promised_.roots.empty() && promised_.roots.rbegin()->first > end.last.value()) {
    keep_earlier(out, finish({ErrorCode::kLedgerRolledBack,
                              "ledger: the entries end before a checkpoint that was handed out"}));
  }
  return out;
}

LedgerFinding LedgerCheck::finish(const Error& error) const {
  std::optional<LedgerFinding> out = LedgerFinding{state_.last.next(), error};
  keep_earlier(out, promised_.bad);
  return *out;
}

}  // namespace certrelay
