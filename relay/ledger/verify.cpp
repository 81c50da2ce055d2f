#include "relay/ledger/verify.hpp"

#include <map>

#include "protocol/record/export.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMismatch = "ledger: a signed checkpoint contradicts the entries";
constexpr std::string_view kRolledBack =
    "ledger: the entries end before a checkpoint that was handed out";

// The roots that signed checkpoints promise, and the first checkpoint that is itself bad.
struct Promised {
  std::map<std::uint64_t, Digest> roots;
  std::optional<LedgerFinding> bad;
};

Result<Promised> promised_by(CheckpointFolder& folder, const NoteVerifier& verifier) {
  Promised out;
  CERTRELAY_TRY(const auto sizes, folder.sizes());
  for (const auto size : sizes) {
    const auto checkpoint = folder.read(size, verifier);
    if (checkpoint) {
      out.roots.emplace(size, checkpoint.value().root);
    } else if (!out.bad) {
      out.bad = LedgerFinding{LedgerSequence(size), checkpoint.error()};
    }
  }
  return out;
}

void keep_earlier(std::optional<LedgerFinding>& kept, const std::optional<LedgerFinding>& other) {
  if (other && (!kept || other->at < kept->at)) kept = other;
}

Result<void> match(VerifyReport& report, const Promised& promised, const ChainState& state) {
  report.last = state.last;
  const auto root = promised.roots.find(state.tree.size());
  if (root == promised.roots.end()) return ok();
  if (root->second != state.tree.root()) return Error{ErrorCode::kCheckpointMismatch, kMismatch};
  ++report.checkpoints;
  return ok();
}

// The lines of a file of any size.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<File> file) : file_(std::move(file)) {}
  // False at the end. What follows the last line feed is a line too. Valid until the next call.
  Result<bool> next(std::string_view& line) {
    for (;;) {
      const auto end = buffer_.find('\n', start_);
      if (end != std::string::npos) {
        line = std::string_view(buffer_).substr(start_, end - start_);
        start_ = end + 1;
        return true;
      }
      if (buffer_.size() - start_ > kExportLineBytesMax) {
        return Error{ErrorCode::kLimitExceeded, "export: line"};
      }
      CERTRELAY_TRY(const auto more, fill());
      if (more) continue;
      line = std::string_view(buffer_).substr(start_);
      start_ = buffer_.size();
      return !line.empty();
    }
  }

 private:
  Result<bool> fill() {
    constexpr std::size_t kPiece = 65'536;
    buffer_.erase(0, start_);
    start_ = 0;
    Bytes piece(kPiece);
    CERTRELAY_TRY(const auto got, file_->read_at(offset_, piece));
    offset_ += got;
    buffer_.append(as_text(ByteView(piece).first(got)));
    return got != 0;
  }
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::size_t start_ = 0;
};

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
                                   const std::optional<NoteVerifier>& verifier) {
  CERTRELAY_TRY(auto store, LedgerStore::open_read_only(vfs, path));
  Promised promised;
  if (verifier) {
    CERTRELAY_TRY(promised, promised_by(checkpoints, *verifier));
  }
  VerifyReport report{.origin = store.origin(), .last = {}, .root = {}, .finding = promised.bad};
  auto state = empty_chain(store.origin());
  if (const auto base = store.base()) {
    state = base.value();
    report.pruned = state.last;
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
  const auto visit = [&](const Entry&, ByteView, const ChainState& now) {
    auto matched = match(report, promised, now);
    if (matched) state = now;
    return matched;
  };
  CERTRELAY_TRY(auto found, store.walk(visit));
  report.root = state.tree.root();
  report.last = state.last;
  if (found && found->error.code == ErrorCode::kCheckpointMismatch) found->at = state.last.next();
  keep_earlier(report.finding, found);
  // Behind a finding the entries were not looked at, so only without one they have ended here.
  if (!found && !promised.roots.empty() && promised.roots.rbegin()->first > state.last.value()) {
    keep_earlier(report.finding,
                 LedgerFinding{state.last.next(), {ErrorCode::kLedgerRolledBack, kRolledBack}});
  }
  if (const auto structure = store.check_structure(); !structure && !report.finding) {
    report.finding = LedgerFinding{state.last.next(), structure.error()};
  }
  return report;
}

Result<VerifyReport> verify_export(Files& files, const std::string& path,
                                   const std::optional<NoteVerifier>& verifier) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  LineReader reader(std::move(file));
  ExportVerifier lines;
  std::string_view line;
  Result<void> outcome = ok();
  for (;;) {
    CERTRELAY_TRY(const auto more, reader.next(line));
    if (!more || !outcome) break;
    outcome = lines.take(line);
  }
  if (outcome) outcome = lines.expect_end();
  VerifyReport report{.origin = lines.origin(),
                      .last = lines.state().last,
                      .root = lines.state().tree.root(),
                      .finding = std::nullopt};
  if (outcome && verifier) outcome = check_export_checkpoint(lines, *verifier, report);
  if (!outcome) report.finding = LedgerFinding{report.last.next(), outcome.error()};
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
