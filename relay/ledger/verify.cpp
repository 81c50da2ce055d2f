#include "relay/ledger/verify.hpp"

#include "protocol/record/export.hpp"
#include "relay/ledger/export_reader.hpp"
#include "relay/ledger/ledger_check.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMismatch = "ledger: a signed checkpoint contradicts the entries";
constexpr std::string_view kNotComparable = "verify: a checkpoint before the first entry";
constexpr std::string_view kRolledBack =
    "ledger: the entries end before a checkpoint that was handed out";

Result<void> match(VerifyReport& report, const PromisedRoots& promised, const ChainState& state) {
  report.last = state.last;
  const auto root = promised.roots.find(state.tree.size());
  if (root == promised.roots.end()) return ok();
  if (root->second != state.tree.root()) return Error{ErrorCode::kCheckpointMismatch, kMismatch};
  ++report.checkpoints;
  return ok();
}

// Takes the checkpoints that the caller brought along. Errors: kUnknownKey (of another ledger),
// kEntryPruned (over fewer entries than the state before the first entry that is there).
Result<void> promise(PromisedRoots& promised, const std::vector<Checkpoint>& also,
                     std::string_view origin, std::uint64_t before) {
  for (const auto& one : also) {
    if (one.origin != origin) return Error{ErrorCode::kUnknownKey, "verify: another ledger's"};
    if (one.size < before) return Error{ErrorCode::kEntryPruned, kNotComparable};
    const auto [known, fresh] = promised.roots.emplace(one.size, one.root);
    if (fresh || known->second == one.root) continue;
    keep_earlier(promised.bad, LedgerFinding{LedgerSequence(one.size),
                                             {ErrorCode::kCheckpointMismatch, kMismatch}});
  }
  return ok();
}

// Not damage: what was asked for cannot be told from this file.
bool is_about_entries(const Error& error) {
  return !(error.code == ErrorCode::kEntryPruned && error.where == kNotComparable) &&
         !(error.code == ErrorCode::kUnknownKey);
}

std::optional<LedgerFinding> beyond(const PromisedRoots& promised, LedgerSequence last) {
  if (promised.roots.empty() || promised.roots.rbegin()->first <= last.value()) {
    return std::nullopt;
  }
  return LedgerFinding{last.next(), {ErrorCode::kLedgerRolledBack, kRolledBack}};
}

// A checkpoint of the caller's is contradicted by the entry that was taken last; what the export
// itself is wrong in lies behind it.
LedgerFinding behind(const VerifyReport& report, const Error& error, const ExportVerifier& lines) {
  const bool contradicted =
      error.code == ErrorCode::kCheckpointMismatch && error.where == kMismatch;
  const auto last = lines.state().last;
  return {contradicted && last != LedgerSequence() ? last : report.last.next(), error};
}

Result<void> check_export_checkpoint(const ExportVerifier& lines, const NoteVerifier& verifier,
                                     VerifyReport& report) {
  const auto& note = lines.checkpoint();
  if (!note) return Error{ErrorCode::kUnknownKey, "export: no checkpoint"};
  CERTRELAY_TRY(verify_checkpoint(*note, verifier));
  ++report.checkpoints;
  return ok();
}

}  // namespace

Result<VerifyReport> verify_ledger(const SqliteVfs& vfs, const std::string& path,
                                   CheckpointFolder& checkpoints,
                                   const std::optional<NoteVerifier>& verifier,
                                   const std::vector<Checkpoint>& also,
                                   const VerifyProgress& progress) {
  CERTRELAY_TRY(auto store, LedgerStore::open_read_only(vfs, path));
  PromisedRoots promised;
  if (verifier) {
    CERTRELAY_TRY(promised, promised_by(checkpoints, *verifier));
  }
  const auto base = store.base();
  CERTRELAY_TRY(promise(promised, also, store.origin(), base ? base.value().tree.size() : 0));
  VerifyReport report{.origin = store.origin(), .last = {}, .root = {}, .finding = promised.bad};
  auto state = empty_chain(store.origin());
  if (base) {
    state = base.value();
    report.pruned = report.before = state.last;
    // Of the checkpoints over what left only the one of just this size can still be told.
    if (const auto matched = match(report, promised, state); !matched) {
      keep_earlier(report.finding, LedgerFinding{LedgerSequence(1), matched.error()});
    }
  }
  if (const auto& note = store.pruning(); note && verifier) {
    if (const auto good = verify_checkpoint(*note, *verifier); !good) {
      keep_earlier(report.finding, LedgerFinding{LedgerSequence(1), good.error()});
    }
  }
  const auto entries = store.stated().last.value() - report.pruned.value();
  const auto visit = [&](const Entry&, ByteView, const ChainState& now) {
    auto matched = match(report, promised, now);
    if (matched) state = now;
    if (progress) progress(now.last.value() - report.pruned.value(), entries);
    return matched;
  };
  CERTRELAY_TRY(auto found, store.walk(visit));
  report.root = state.tree.root();
  report.last = state.last;
  if (found && found->error.code == ErrorCode::kCheckpointMismatch) found->at = state.last.next();
  keep_earlier(report.finding, found);
  // Behind a finding the entries were not looked at, so only without one they have ended here.
  if (!found) keep_earlier(report.finding, beyond(promised, state.last));
  if (const auto structure = store.check_structure(); !structure && !report.finding) {
    report.finding = LedgerFinding{state.last.next(), structure.error()};
  }
  return report;
}

Result<VerifyReport> verify_export(Files& files, const std::string& path,
                                   const std::optional<NoteVerifier>& verifier,
                                   const std::vector<Checkpoint>& also,
                                   const VerifyProgress& progress) {
  ExportVerifier lines;
  VerifyReport report;
  PromisedRoots promised;
  std::optional<std::uint64_t> looked_at;
  const auto size = progress ? files.info(path) : Result<FileInfo>(FileInfo{});
  if (!size) return size.error();
  std::uint64_t bytes = 0;
  const auto taken = [&](std::string_view line) -> Result<void> {
    bytes += line.size() + 1;
    if (progress) progress(bytes, size.value().size);
    const auto& state = lines.state();
    if (!looked_at) {
      report.before = state.last;
      CERTRELAY_TRY(promise(promised, also, lines.origin(), state.tree.size()));
    }
    if (looked_at == state.tree.size()) return ok();
    looked_at = state.tree.size();
    return match(report, promised, state);
  };
  CERTRELAY_TRY(const auto read, read_export(files, path, lines, taken));
  auto wrong = read.wrong;
  if (wrong && !is_about_entries(*wrong)) return *wrong;
  report.origin = lines.origin();
  report.last = lines.state().last;
  report.root = lines.state().tree.root();
  report.finding = promised.bad;
  if (!wrong && verifier) {
    const auto checked = check_export_checkpoint(lines, *verifier, report);
    if (!checked) wrong = checked.error();
  }
  keep_earlier(report.finding, wrong ? std::optional(behind(report, *wrong, lines))
                                     : beyond(promised, report.last));
  if (const auto& note = lines.pruning(); note && verifier) {
    if (const auto good = verify_checkpoint(*note, *verifier); !good) {
      report.finding = LedgerFinding{LedgerSequence(1), good.error()};
    }
  }
  return report;
}

Result<void> export_ledger(LedgerStore& store, const std::optional<std::string>& note,
                           const ExportSink& sink) {
  CERTRELAY_TRY(auto base, store.base());
  const ExportHead head{.origin = store.origin(),
                        .before = std::move(base),
                        .checkpoint = note,
                        .pruning = store.pruning()};
  CERTRELAY_TRY(sink(encode_export_line(head)));
  const auto visit = [&](const Entry&, ByteView bytes, const ChainState& state) {
    return sink(encode_export_line(
        ExportEntry{.entry = Bytes(bytes.begin(), bytes.end()), .chain = state.chain}));
  };
  CERTRELAY_TRY(const auto finding, store.walk(visit));
  if (finding) return finding->error;
  const auto& end = store.stated();
  return sink(encode_export_line(ExportEnd{.last = end.last, .root = end.tree.root()}));
}

}  // namespace certrelay
