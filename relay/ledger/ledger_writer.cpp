// The writer's side of Ledger: everything here runs in the driver's job.
#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/ledger/ledger.hpp"

namespace certrelay {

// What a group comes to: the rows to store and each waiter's answer if they become durable.
struct Ledger::Planned {
  std::vector<LedgerRow> rows;
  std::vector<Result<LedgerSequence>> answers;
  ChainState after;
};

void Ledger::write_all_waiting() {
  for (auto group = take_group(); !group.empty(); group = take_group()) commit(std::move(group));
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

Ledger::Planned Ledger::plan(Group& group) {
  Planned out{.rows = {}, .answers = {}, .after = store().stated()};
  for (auto& waiter : group) {
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

Result<void> Ledger::store_rows(const Planned& planned) {
  if (planned.rows.empty()) return ok();
  auto stored = store().commit(planned.rows, planned.after);
  if (!stored && stored.error().code == ErrorCode::kDiskFull && reserve_.held()) {
    stored = store_from_reserve(planned.rows, planned.after);
  }
  if (!stored) {
    fail(stored.error().code);
    return stored.error();
  }
  acknowledged_ = planned.after;
  const std::lock_guard guard(mutex_);
  last_ = planned.after.last;
  return ok();
}

void Ledger::commit(Group group) {
  await_readers();
  const std::lock_guard guard(store_mutex_);
  Planned planned;
  Result<void> stored = Error{ErrorCode::kLedgerNotWritable, "ledger: not writable"};
  // Of a failed ledger no guard is asked: nothing can follow from its answer.
  const bool failed = failure() != ErrorCode::kNone;
  if (!failed) {
    planned = plan(group);
    stored = store_rows(planned);
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    const bool refused_alone = !failed && !planned.answers[i];
    group[i].complete(stored || refused_alone ? planned.answers[i]
                                              : Result<LedgerSequence>(stored.error()));
  }
  if (!stored) return;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (planned.answers[i]) so_far_.take(group[i].entry);
  }
  tidy();
}

void Ledger::tidy() {
  // What was acknowledged is durable in the log; only the next entries are refused.
  const auto tidied = store().tidy(false);
  if (!tidied) fail(tidied.error().code);
}

void Ledger::fail(ErrorCode code) {
  CERTRELAY_CHECK(code != ErrorCode::kNone);
  const std::lock_guard guard(mutex_);
  if (reason_ == ErrorCode::kNone) reason_ = code;
}

}  // namespace certrelay
