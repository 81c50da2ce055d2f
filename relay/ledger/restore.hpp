// Puts a backup in the place of a ledger that was lost: verified from its first entry on, held
// against every checkpoint that was handed out, in place whole or not at all.
#pragma once

#include "relay/ledger/checkpoint_folder.hpp"
#include "relay/ledger/ledger_store.hpp"

namespace certrelay {

struct RestoreWish {
  std::string backup;             // an export from the first entry that is there
  std::string path;               // of the ledger; nothing may lie there
  std::string checkpoint_folder;  // the site's, as the loss has left it
  NoteVerifier verifier;
  std::vector<Checkpoint> also;  // verified ones that the city has copied away
  OperatorName operator_name;
  StatedReason reason;
  // Who agreed that entries behind the backup are lost; another person.
  std::optional<OperatorName> approver;
};

struct Restored {
  LedgerSequence last;     // of the backup; the entry about the restoring is the next
  std::uint64_t lost = 0;  // entries that a checkpoint was handed out over and the backup lacks
};

// Writes kRestored behind the backup's entries, at the doubted time `now`: who, why, the backup's
// tree, how many entries are known to be lost. Checkpoints over lost entries are kept in the folder
// as lost-checkpoint-<size>. The relay must be stopped; its lock is the caller's to hold.
// Errors: kAlreadyExists (a ledger is there), kLedgerRolledBack (the backup ends before a
// checkpoint that was handed out, and nobody approved), kSamePerson; kEntryPruned (begins behind
// the first entry, or cannot be held against an old checkpoint); verify_export's, the first
// finding's, the store's, Files'.
Result<Restored> restore_ledger(const SqliteVfs& vfs, Files& files, const RestoreWish& wish,
                                UtcTime now);

}  // namespace certrelay
