#include "relay/ledger/restore.hpp"

#include <algorithm>

#include "protocol/record/retention.hpp"
#include "relay/ledger/export_reader.hpp"
#include "relay/ledger/start_mark.hpp"
#include "relay/ledger/verify.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kGroup = 1024;

// Every checkpoint of the folder and of the caller's.
Result<std::vector<Checkpoint>> handed_out(CheckpointFolder& folder, const RestoreWish& wish) {
  auto out = wish.also;
  CERTRELAY_TRY(const auto sizes, folder.sizes());
  for (const auto size : sizes) {
    CERTRELAY_TRY(auto one, folder.read(size, wish.verifier));
    out.push_back(std::move(one));
  }
  return out;
}

// How many entries behind the backup somebody has a checkpoint over.
Result<Restored> judge(Files& files, const RestoreWish& wish,
                       const std::vector<Checkpoint>& checkpoints) {
  CERTRELAY_TRY(const auto report, verify_export(files, wish.backup, wish.verifier, checkpoints));
  Restored out{report.last, 0};
  for (const auto& one : checkpoints) {
    if (one.size > out.last.value()) out.lost = std::max(out.lost, one.size - out.last.value());
  }
  if (!report.finding) return out;
  if (report.finding->error.code != ErrorCode::kLedgerRolledBack || !wish.approver) {
    return report.finding->error;
  }
  if (*wish.approver == wish.operator_name) {
    return Error{ErrorCode::kSamePerson, "restore: the second person is the first"};
  }
  return out;
}

// Takes an export's lines into an empty store.
class Filler {
 public:
  explicit Filler(LedgerStore& store) : store_(store) {}
  Result<void> take(std::string_view line) {
    CERTRELAY_TRY(auto parsed, parse_export_line(line));
    if (auto* head = std::get_if<ExportHead>(&parsed)) return begin(*head);
    if (auto* stored = std::get_if<ExportEntry>(&parsed)) return add(std::move(*stored));
    return flush();
  }
  Result<void> add(ExportEntry stored) {
    CERTRELAY_TRY(const auto entry, verify_next(state_, stored.entry, stored.chain));
    rows_.push_back({entry.sequence, std::move(stored.entry), stored.chain, entry.transaction});
    return rows_.size() < kGroup ? Result<void>(ok()) : flush();
  }
  Result<void> flush() {
    if (rows_.empty()) return ok();
    CERTRELAY_TRY(store_.commit(rows_, state_));
    rows_.clear();
    return store_.tidy(false);
  }
  const ChainState& state() const { return state_; }

 private:
  // A part of the ledger is no backup of it: what comes before it would be gone.
  Result<void> begin(const ExportHead& head) {
    state_ = head.before;
    if (head.pruning) return store_.begin_behind(*head.pruning);
    if (state_.last == LedgerSequence()) return ok();
    return Error{ErrorCode::kEntryPruned, "restore: the backup is a part"};
  }
  LedgerStore& store_;
  ChainState state_;
  std::vector<LedgerRow> rows_;
};

Entry entry_about(const RestoreWish& wish, const Restored& restored, const ChainState& state,
                  UtcTime now) {
  Entry out;
  out.sequence = state.last.next();
  out.kind = EntryKind::kRestored;
  out.utc = now;
  out.flags = kEntryClockDoubted;  // nobody has judged this clock
  if (restored.lost != 0) {
    out.reason = ErrorCode::kLedgerRolledBack;
    out.approver = wish.approver;
  }
  out.operator_name = wish.operator_name;
  out.stated_reason = wish.reason;
  out.about = state.last;
  out.count = restored.lost;
  out.tree_size = state.tree.size();
  out.tree_root = state.tree.root();
  return out;
}

Result<void> fill(const SqliteVfs& vfs, Files& files, const std::string& path,
                  const RestoreWish& wish, const Restored& restored, UtcTime now) {
  CERTRELAY_TRY(LedgerStore::create(vfs, files, path, wish.verifier.name));
  CERTRELAY_TRY(auto store, LedgerStore::open(vfs, path));
  Filler filler(store);
  ExportVerifier lines;
  const auto taken = [&](std::string_view line) { return filler.take(line); };
  CERTRELAY_TRY(const auto read, read_export(files, wish.backup, lines, taken));
  if (read.wrong) return *read.wrong;
  auto state = filler.state();
  const auto entry = entry_about(wish, restored, state, now);
  CERTRELAY_TRY(auto bytes, encode(entry));
  extend_chain(state, bytes);
  const LedgerRow row{entry.sequence, std::move(bytes), state.chain, std::nullopt};
  CERTRELAY_TRY(store.commit({&row, 1}, state));
  return store.tidy(true);
}

Result<void> remove_if_there(Files& files, const std::string& path) {
  const auto removed = files.remove(path);
  if (!removed && removed.error().code == ErrorCode::kNotFound) return ok();
  return removed;
}

// What an interrupted restoring left to be done, while no relay has appended to the ledger.
Result<Restored> finish_restoring(const SqliteVfs& vfs, CheckpointFolder& folder,
                                  const RestoreWish& wish) {
  const Error there{ErrorCode::kAlreadyExists, "restore: a ledger is there"};
  CERTRELAY_TRY(auto store, LedgerStore::open_read_only(vfs, wish.path));
  if (store.stated().last == LedgerSequence()) return there;
  CERTRELAY_TRY(const auto rows,
                store.read_after(LedgerSequence(store.stated().last.value() - 1), 1));
  if (rows.empty()) return there;
  CERTRELAY_TRY(const auto entry, decode_entry(rows.front().entry));
  if (entry.kind != EntryKind::kRestored || !entry.about) return there;
  CERTRELAY_TRY(folder.set_aside_beyond(entry.about->value()));
  return Restored{*entry.about, entry.count.value_or(0)};
}

}  // namespace

Result<Restored> restore_ledger(const SqliteVfs& vfs, Files& files, const RestoreWish& wish,
                                UtcTime now) {
  CheckpointFolder folder(files, wish.checkpoint_folder);
  if (files.info(wish.path)) return finish_restoring(vfs, folder, wish);
  CERTRELAY_TRY(const auto checkpoints, handed_out(folder, wish));
  CERTRELAY_TRY(const auto restored, judge(files, wish, checkpoints));
  // Under another name until it is whole; what an interrupted attempt left is thrown away.
  const auto fresh = wish.path + ".restoring";
  for (const auto* suffix : {"", "-wal", "-journal"}) {
    CERTRELAY_TRY(remove_if_there(files, fresh + suffix));
  }
  CERTRELAY_TRY(fill(vfs, files, fresh, wish, restored, now));
  CERTRELAY_TRY(remove_if_there(files, fresh + "-wal"));
  // What lies around the lost ledger is not this one's: neither its log nor its mark.
  CERTRELAY_TRY(remove_if_there(files, wish.path + "-wal"));
  CERTRELAY_TRY(remove_start_mark(files, wish.path));
  CERTRELAY_TRY(files.rename(fresh, wish.path));
  CERTRELAY_TRY(files.sync_folder(folder_of(wish.path)));
  // Last: until then the loss is known here, whenever the power goes.
  CERTRELAY_TRY(folder.set_aside_beyond(restored.last.value()));
  return restored;
}

}  // namespace certrelay
