// The writer's side of Ledger: everything here runs in the driver's job.
#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/ledger/ledger.hpp"

namespace certrelay {

void Ledger::write_all_waiting() {
  settle();
  for (auto group = take_group(); !group.empty(); group = take_group()) write(std::move(group));
  look_after_store_if_due();
}

Ledger::Group Ledger::take_group() {
  const std::lock_guard guard(mutex_);
  Group group;
  while (!queue_.empty() && group.size() < options_.group_max) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

// The point of order: guard, number, time, in this sequence and by this thread alone.
Result<LedgerRow> Ledger::plan_one(Waiter& waiter, ChainState& state) {
  if (waiter.guard) {
    CERTRELAY_TRY(waiter.guard());
  }
  auto& entry = waiter.entry;
  {
    const std::lock_guard guard(mutex_);
    const auto stamp = time_.stamp();
    entry.utc = stamp.utc;
    entry.flags = static_cast<std::uint8_t>(entry.flags & ~kEntryClockDoubted);
    if (stamp.doubted) entry.flags |= kEntryClockDoubted;
  }
  entry.sequence = state.last.next();
  CERTRELAY_TRY(auto bytes, encode(entry));
  extend_chain(state, bytes);
  return LedgerRow{.sequence = entry.sequence,
                   .entry = std::move(bytes),
                   .chain = state.chain,
                   .transaction = entry.transaction};
}

Ledger::Planned Ledger::plan(Group group) {
  Planned out{.group = std::move(group), .rows = {}, .answers = {}, .after = store().stated()};
  for (auto& waiter : out.group) {
    auto row = plan_one(waiter, out.after);
    if (row) {
      out.answers.emplace_back(row.value().sequence);
      out.rows.push_back(std::move(row).value());
    } else {
      out.answers.emplace_back(row.error());
    }
  }
  return out;
}

// Who was refused alone hears that in any case.
void Ledger::answer(Planned& planned, const Result<void>& stored) {
  for (std::size_t i = 0; i < planned.group.size(); ++i) {
    auto& own = planned.answers[i];
    planned.group[i].complete(stored || !own ? own : Result<LedgerSequence>(stored.error()));
  }
}

// Into the log, ahead of the sync that is under way; whoever waits hears when its own has ended.
void Ledger::write(Group group) {
  make_room_ahead(group.size());
  await_readers();
  const bool few = std::max(group.size(), heard_together_) <= options_.own_sync_max;
  bool begun = false;
  bool is_long = false;
  {
    const std::lock_guard guard(store_mutex_);
    // Of a failed ledger no guard is asked: nothing can follow from its answer.
    if (failure() != ErrorCode::kNone) return refuse(group);
    auto planned = plan(std::move(group));
    const auto stored = store_rows(planned);
    if (!stored || planned.rows.empty()) return answer(planned, stored);
    planned.rows.clear();
    ahead_.push_back(std::move(planned));
    begun = begin_sync();
    is_long = store().log_is_long();
  }
  if (begun && few) await_sync();
  if (begun) sync_.hand_over();
  settle();
  if (is_long) tidy();
}

void Ledger::refuse(Group& group) {
  const Error refused{ErrorCode::kLedgerNotWritable, "ledger: not writable"};
  for (auto& waiter : group) waiter.complete(refused);
}

// What is ahead would be lost with a failed sync: never more than a group.
void Ledger::make_room_ahead(std::size_t entries) {
  for (const auto& planned : ahead_) entries += planned.group.size();
  if (entries <= options_.group_max) return;
  await_sync();
  settle();
}

Result<void> Ledger::store_rows(const Planned& planned) {
  if (planned.rows.empty()) return ok();
  auto stored = store().write_ahead(planned.rows, planned.after);
  if (stored) return ok();
  if (stored.error().code == ErrorCode::kDiskFull && reserve_.held()) {
    drain();  // what was written before is durable or not by its own sync
    if (failure() == ErrorCode::kNone) stored = store_from_reserve(planned.rows, planned.after);
  }
  if (!stored) fail(stored.error().code);
  return stored;
}

// Of all that was written up to now; false where there is nothing to begin.
bool Ledger::begin_sync() {
  if (ahead_.empty() || sync_.under_way()) return false;
  if (failure() != ErrorCode::kNone) {
    for (auto& planned : std::exchange(ahead_, {})) answer(planned, lost());
    return false;
  }
  in_sync_ = std::exchange(ahead_, {});
  sync_.begin(store().log());
  return true;
}

// The sync that has ended: what it was of may be told, and what was written meanwhile is next.
void Ledger::take_sync() {
  const auto synced = sync_.take();
  if (!synced) return;
  auto settled = std::exchange(in_sync_, {});
  if (!*synced) {
    store().refuse_log();
    fail(synced->error().code);
  }
  heard_together_ = 0;
  for (const auto& planned : settled) {
    heard_together_ += planned.group.size();
    if (*synced) acknowledge(planned);
  }
  if (begin_sync()) sync_.hand_over();
  for (auto& planned : settled) answer(planned, *synced);
}

void Ledger::acknowledge(const Planned& planned) {
  if (planned.after.last <= acknowledged_.last) return;  // read back already
  acknowledged_ = planned.after;
  store().acknowledge(acknowledged_.last);
  for (std::size_t i = 0; i < planned.group.size(); ++i) {
    if (planned.answers[i]) so_far_.take(planned.group[i].entry);
  }
  const std::lock_guard guard(mutex_);
  last_ = acknowledged_.last;
}

void Ledger::await_sync() {
  static_cast<void>(sync_.wait().has_value());  // take_sync() tells
}

// Afterwards no sync is under way, and nothing waits for one.
void Ledger::drain() {
  while (sync_.under_way()) {
    await_sync();
    take_sync();
  }
}

void Ledger::settle() {
  if (!sync_.has_ended()) return;
  const std::lock_guard guard(store_mutex_);
  take_sync();
}

void Ledger::tidy() {
  await_sync();  // not under store_mutex_, whose readers go on meanwhile
  const std::lock_guard guard(store_mutex_);
  drain();
  if (failure() != ErrorCode::kNone) return;
  // What was acknowledged is durable in the log; only the next entries are refused.
  const auto tidied = store().tidy(false);
  if (!tidied) fail(tidied.error().code);
}

void Ledger::fail(ErrorCode code) {
  CERTRELAY_CHECK(code != ErrorCode::kNone);
  const std::lock_guard guard(mutex_);
  if (reason_ == ErrorCode::kNone) reason_ = code;
}

Error Ledger::lost() const { return {failure(), "ledger: lost"}; }

}  // namespace certrelay
