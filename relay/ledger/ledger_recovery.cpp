// What the writer does about a store in trouble: it lets go of the file, opens it again, reads back
// what the disk has, and only then writes on (R42). Everything here runs in the driver's job.
#include "protocol/base/check.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/ledger/unfinished.hpp"

namespace certrelay {
namespace {

Error entries_gone() {
  return {ErrorCode::kLedgerRolledBack, "ledger: entries that were acknowledged are gone"};
}

Entry recovered_entry(ErrorCode reason, LedgerSequence acknowledged, std::size_t read_back) {
  Entry out;
  out.kind = EntryKind::kLedgerRecovered;
  out.reason = reason;
  out.count = read_back;
  if (acknowledged != LedgerSequence()) out.about = acknowledged;
  return out;
}

}  // namespace

// The end of what was begun, what is alarming, and what tells of both.
bool Ledger::may_use_reserve(EntryKind kind) {
  switch (kind) {
    case EntryKind::kShutdown:
    case EntryKind::kBoot:
    case EntryKind::kLedgerRecovered:
    case EntryKind::kProvisionInquiry:
    case EntryKind::kProvisionIntent:
    case EntryKind::kRefusal:
    case EntryKind::kExpired:
    case EntryKind::kEvent:
    case EntryKind::kDeliveryUnknown:
    case EntryKind::kResultMissing:
    case EntryKind::kAbandoned:
    case EntryKind::kIncident:
    case EntryKind::kAlarmLatched:
    case EntryKind::kAlarmCleared:
    case EntryKind::kKeysDestroyed:
    case EntryKind::kErasureInterrupted:
      return true;
    default:
      return false;
  }
}

boost::asio::awaitable<void> Ledger::run_store_watch() {
  for (;;) {
    co_await parts_.clock.sleep_until(parts_.clock.steady_now() + options_.watch_interval);
    const std::lock_guard guard(mutex_);
    if (closed_) co_return;
    watch_due_ = true;
    parts_.driver->wake();
  }
}

void Ledger::look_after_store_if_due() {
  ErrorCode reason{};
  {
    const std::lock_guard guard(mutex_);
    if (!std::exchange(watch_due_, false) || closed_) return;
    reason = reason_;
  }
  if (reason == ErrorCode::kNone) {
    probe();
  } else {
    recover(reason);
  }
}

void Ledger::probe() {
  // The open file would outlive a lost mount; the name does not.
  const auto named = parts_.files.info(options_.path);
  if (!named) return fail(named.error().code);
  auto probed = reserve_.probe();
  if (probed && !reserve_.held()) probed = reserve_.take();
  if (!probed && probed.error().code != ErrorCode::kDiskFull) return fail(probed.error().code);
  set_only_reserve(!probed);
}

void Ledger::recover(ErrorCode reason) {
  std::vector<Entry> first;
  {
    const std::lock_guard guard(store_mutex_);
    if (reason == ErrorCode::kDiskFull && reserve_.held()) {
      set_only_reserve(true);
      // Its space is for the log and the table; where it cannot be had, opening tells why.
      static_cast<void>(reserve_.give_up().has_value());
    }
    const auto acknowledged = acknowledged_.last;
    const auto read_back = reopen();
    const std::lock_guard state(mutex_);
    reason_ = read_back ? ErrorCode::kNone : read_back.error().code;
    if (!read_back) return;
    last_ = acknowledged_.last;
    UnfinishedTransactions unfinished;
    for (const auto& entry : read_back.value()) unfinished.take(entry);
    first.push_back(recovered_entry(reason, acknowledged, read_back.value().size()));
    // Whoever waited for these was refused: nothing of theirs has gone out or will.
    for (auto& entry : unfinished.closing_entries()) first.push_back(std::move(entry));
  }
  Group group;
  for (auto& entry : first) {
    group.push_back({.entry = std::move(entry), .guard = {}, .complete = [](const auto&) {}});
  }
  commit(std::move(group));
}

Result<std::vector<Entry>> Ledger::reopen() {
  store_.reset();
  CERTRELAY_TRY(auto store, LedgerStore::open(parts_.vfs, options_.path, options_.durability));
  CERTRELAY_TRY(LedgerStore::write_log_again(parts_.files, options_.path));
  if (store.origin() != parts_.key.origin()) {
    return Error{ErrorCode::kUnknownKey, "ledger: the file is another ledger's"};
  }
  if (store.stated().last < acknowledged_.last) return entries_gone();
  std::vector<Entry> read_back;
  const auto visit = [&](const Entry& entry, ByteView, const ChainState&) -> Result<void> {
    read_back.push_back(entry);
    return ok();
  };
  CERTRELAY_TRY(const auto finding, store.walk_after(acknowledged_, visit));
  if (finding) return finding->error;
  acknowledged_ = store.stated();
  for (const auto& entry : read_back) so_far_.take(entry);
  store_ = std::move(store);
  return read_back;
}

// The group that met the full disk was begun before it was full: it goes into the reserve whole.
Result<void> Ledger::store_from_reserve(std::span<const LedgerRow> rows, const ChainState& after) {
  set_only_reserve(true);
  CERTRELAY_TRY(reserve_.give_up());
  const auto before = acknowledged_.last;
  CERTRELAY_TRY(reopen());
  if (acknowledged_ == after) return ok();  // it was there after all
  if (acknowledged_.last != before) return entries_gone();
  return store().commit(rows, after);
}

void Ledger::set_only_reserve(bool only) {
  const std::lock_guard guard(mutex_);
  only_reserve_ = only;
}

}  // namespace certrelay
