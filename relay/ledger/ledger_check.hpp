// One pass over all that is stored while the ledger is being written: entries, chain, tree, and
// every checkpoint that was handed out.
#pragma once

#include <map>

#include "relay/ledger/checkpoint_folder.hpp"
#include "relay/ledger/ledger_store.hpp"

namespace certrelay {

// The roots that signed checkpoints promise, and the first checkpoint that is itself bad.
struct PromisedRoots {
  std::map<std::uint64_t, Digest> roots;
  std::optional<LedgerFinding> bad;
};
// Of every checkpoint in the folder. One that cannot be read is passed over with `readable_only`
// (the city takes copies away, and a folder may lie on another disk), else it is bad. Errors: those
// of CheckpointFolder::sizes.
Result<PromisedRoots> promised_by(CheckpointFolder& folder, const NoteVerifier& verifier,
                                  bool readable_only = false);

// Keeps the finding whose entry is the earlier.
void keep_earlier(std::optional<LedgerFinding>& kept, const std::optional<LedgerFinding>& other);

// A verified state of the ledger on the way.
struct Milestone {
  ChainState state;
  // The last entry up to it that tells what runs (a boot, a configuration, an update).
  std::optional<LedgerSequence> runs;
};
inline constexpr std::uint64_t kMilestoneEntries = 65'536;
bool tells_what_runs(EntryKind kind);

// One thread at a time.
class LedgerCheck {
 public:
  // `base`: the state before the first entry that is there; `milestone`: a state is kept each that
  // many entries.
  LedgerCheck(ChainState base, PromisedRoots promised, std::uint64_t milestone = kMilestoneEntries)
      : state_(std::move(base)), promised_(std::move(promised)), milestone_(milestone) {}

  // The next rows are those behind it.
  LedgerSequence last() const { return state_.last; }
  // Takes the rows in order. Errors: verify_row's, kCheckpointMismatch; last() is then before the
  // bad one.
  Result<void> take(const std::vector<StoredRow>& rows);
  // The states after each `milestone`-th entry that take() came by since the last call.
  std::vector<Milestone> take_milestones() { return std::exchange(milestones_, {}); }
  // What the pass comes to once last() is `end`'s: the first bad thing, or none.
  std::optional<LedgerFinding> finish(const ChainState& end) const;
  // What it comes to when the entry behind last() is bad.
  LedgerFinding finish(const Error& error) const;

 private:
  ChainState state_;
  PromisedRoots promised_;
  std::uint64_t milestone_;
  std::optional<LedgerSequence> runs_;
  std::vector<Milestone> milestones_;
};

}  // namespace certrelay
