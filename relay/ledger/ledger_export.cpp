#include "relay/ledger/ledger_export.hpp"

#include <algorithm>

#include "protocol/record/retention.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kExportSlice = 512;

}  // namespace

Result<ExportPlan> plan_export(const LedgerSource& source, const Milestone& from,
                               const EntryRange& range) {
  ExportPlan out{.range = range, .before = from.state, .root = {}, .configurations = {}};
  const auto mark = [&](const Entry& entry) {
    if (entry.sequence <= range.before) out.configurations.clear();
    if (out.configurations.size() == kManifestMarksMax) return;
    out.configurations.push_back({entry.sequence, entry.utc, entry.artifact_sha256, entry.build});
  };
  if (from.runs) {
    CERTRELAY_TRY(const auto stored, source(LedgerSequence(from.runs->value() - 1), 1));
    if (stored.empty()) return Error{ErrorCode::kSequenceGap, "export: reading"};
    CERTRELAY_TRY(const auto entry, decode_entry(stored.front().entry));
    mark(entry);
  }
  auto state = from.state;
  const auto visit = [&](const Entry& entry, const ExportEntry& stored) -> Result<void> {
    if (entry.sequence != state.last.next()) {
      return Error{ErrorCode::kSequenceGap, "export: reading"};
    }
    CERTRELAY_TRY(verify_next(state, stored.entry, stored.chain));
    if (tells_what_runs(entry.kind)) mark(entry);
    if (entry.sequence == range.before) out.before = state;
    return ok();
  };
  CERTRELAY_TRY(read_entries(source, state.last, range.last, visit));
  if (state.last != range.last) return Error{ErrorCode::kSequenceGap, "export: reading"};
  out.root = state.tree.root();
  return out;
}

Result<ExportHead> export_head(const ExportPlan& plan, const CheckpointKey& key,
                               LedgerSequence entry) {
  const auto& range = plan.range;
  const Checkpoint checkpoint{
      .origin = key.origin(),
      .size = range.last.value(),
      .root = plan.root,
      .extensions = {"export " + std::to_string(range.before.value() + 1) + "-" +
                         std::to_string(range.last.value()),
                     "export-entry " + std::to_string(entry.value()),
                     "retention-until " + to_iso_day(retention_until(range.last_at))}};
  CERTRELAY_TRY(auto note, key.sign(checkpoint));
  return ExportHead{.origin = key.origin(), .before = plan.before, .checkpoint = std::move(note)};
}

ExportPages::ExportPages(LedgerSource source, ExportPlan plan, ExportHead head)
    : source_(std::move(source)),
      plan_(std::move(plan)),
      head_(std::move(head)),
      starts_{plan_.range.before} {}

Result<Bytes> ExportPages::page(std::size_t number) {
  if (number >= starts_.size()) return Error{ErrorCode::kNotFound, "export: page"};
  std::string out;
  if (number == 0) out = encode_export_line(head_) + "\n";
  auto at = starts_[number];
  while (at < plan_.range.last) {
    CERTRELAY_TRY(const auto slice, source_(at, kExportSlice));
    if (slice.empty()) return Error{ErrorCode::kSequenceGap, "export: reading"};
    for (const auto& entry : slice) {
      if (at == plan_.range.last) break;
      const auto line = encode_export_line(entry) + "\n";
      if (out.size() + line.size() > kExportPageBytesMax) {
        if (number + 1 == starts_.size()) starts_.push_back(at);
        return Bytes(out.begin(), out.end());
      }
      out += line;
      at = at.next();
    }
  }
  out += encode_export_line(ExportEnd{.last = plan_.range.last, .root = plan_.root}) + "\n";
  return Bytes(out.begin(), out.end());
}

}  // namespace certrelay
