// An export of a part of the ledger, in pages: what it stands on, its signed head, its lines
// (protocol/record/FORMAT.md).
#pragma once

#include "relay/keys/checkpoint_key.hpp"
#include "relay/ledger/ledger_check.hpp"
#include "relay/ledger/ledger_reading.hpp"

namespace certrelay {

inline constexpr std::size_t kExportPageBytesMax = std::size_t{1536} * 1024;

struct ExportPlan {
  EntryRange range;
  ChainState before;
  Digest root{};  // of the tree up to range.last
  // What ran in the range: the last boot, configuration or update before it, and all within.
  std::vector<ConfigurationMark> configurations;
};
// Reads and verifies from `from` on: Ledger::milestone_before(range.before), or the state before
// the first entry that is there. Errors: state_at's.
Result<ExportPlan> plan_export(const LedgerSource& source, const Milestone& from,
                               const EntryRange& range);

// The head, whose checkpoint over the range's end says in its extension lines which entries these
// are, the number of the entry about the export, and until when a copy is to be kept.
// Errors: CheckpointKey::sign's.
Result<ExportHead> export_head(const ExportPlan& plan, const CheckpointKey& key,
                               LedgerSequence entry);

// Pages of whole lines, each ended by a line feed, in order; a page that was read can be read
// again.
class ExportPages {
 public:
  ExportPages(LedgerSource source, ExportPlan plan, ExportHead head);
  // From 0. Errors: kNotFound (past the end, or a page before it was never read), the source's.
  Result<Bytes> page(std::size_t number);

 private:
  LedgerSource source_;
  ExportPlan plan_;
  ExportHead head_;
  std::vector<LedgerSequence> starts_;  // the entry before each page that may be read
};

}  // namespace certrelay
