// Checks a ledger that nobody writes to: the file of a stopped relay, or an export.
#pragma once

#include "relay/ledger/checkpoint_folder.hpp"
#include "relay/ledger/ledger_store.hpp"

namespace certrelay {

struct VerifyReport {
  std::string origin;
  LedgerSequence last;                   // the last good entry
  Digest root{};                         // of the tree up to it
  LedgerSequence pruned = {};            // the last entry that left after its five years; 0: none
  LedgerSequence before = {};            // the last entry that is not in what was verified; 0: none
  std::size_t checkpoints = 0;           // signed checkpoints that agree
  std::optional<LedgerFinding> finding;  // none: everything agrees
};

// How far it has come: entries of a store, bytes of an export. Often.
using VerifyProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// Every entry, the chain, the tree, the file's structure, and every checkpoint in the folder
// (signature, and root at its size). Takes the lock, changes nothing. Without `verifier` no
// checkpoint in the folder is looked at. A bad checkpoint is a finding at its size.
// `also`: verified checkpoints from elsewhere; a ledger that ends before one (an older copy) or
// contradicts one (a fork) has a finding. Errors: the file cannot be read at all (Files',
// LedgerStore::open_read_only's); of one of `also` kUnknownKey (another ledger's), kEntryPruned
// (the entries under it have left, or come before the export: nothing can be told).
Result<VerifyReport> verify_ledger(const SqliteVfs& vfs, const std::string& path,
                                   CheckpointFolder& checkpoints,
                                   const std::optional<NoteVerifier>& verifier,
                                   const std::vector<Checkpoint>& also = {},
                                   const VerifyProgress& progress = {});

// The same for an export; with `verifier` its checkpoint must be there and agree.
// Errors: those of Files; kLimitExceeded (a line past kExportLineBytesMax); of one of `also` as
// above.
Result<VerifyReport> verify_export(Files& files, const std::string& path,
                                   const std::optional<NoteVerifier>& verifier,
                                   const std::vector<Checkpoint>& also = {},
                                   const VerifyProgress& progress = {});

// Writes all entries as an export, line by line without line feeds; `note` is a signed
// checkpoint over these entries or the first of them. Verifies on the way.
// Errors: the store's, the first finding's, the sink's.
using ExportSink = std::function<Result<void>(std::string_view line)>;
Result<void> export_ledger(LedgerStore& store, const std::optional<std::string>& note,
                           const ExportSink& sink);

}  // namespace certrelay
