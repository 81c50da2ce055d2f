#include "firmware/selftest/fictional_ledger.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certrelay {

void FictionalLedger::hold_up(const TransactionId& id, SteadyTime until) {
  const std::lock_guard guard(mutex_);
  held_up_.insert_or_assign(id, until);
}

boost::asio::awaitable<Result<LedgerSequence>> FictionalLedger::append(Entry entry, Guard guard) {
  LedgerSequence sequence;
  std::optional<SteadyTime> until;
  {
    const std::lock_guard order(mutex_);
    if (guard) {
      CERTRELAY_CO_TRY(guard());
    }
    sequence = LedgerSequence(entries_.size() + 1);
    entry.sequence = sequence;
    entry.utc = clock_.utc_now();
    CERTRELAY_CO_TRY(encode(entry));
    const bool intent = entry.kind == EntryKind::kProvisionIntent;
    if (const auto found = intent ? held_up_.find(*entry.transaction) : held_up_.end();
        found != held_up_.end()) {
      until = found->second;
    }
    entries_.push_back(std::move(entry));
  }
  co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  if (until) co_await clock_.sleep_until(*until);
  co_return sequence;
}

Result<bool> FictionalLedger::knows_transaction(const TransactionId& id) {
  const std::lock_guard guard(mutex_);
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.transaction == id; });
}

Result<std::vector<Entry>> FictionalLedger::entries_of(const TransactionId& id) {
  const std::lock_guard guard(mutex_);
  std::vector<Entry> out;
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(out),
               [&](const Entry& entry) { return entry.transaction == id; });
  return out;
}

Result<std::vector<Entry>> FictionalLedger::intents_on(JstDay day) {
  const std::lock_guard guard(mutex_);
  std::vector<Entry> out;
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(out), [&](const Entry& entry) {
    return entry.kind == EntryKind::kProvisionIntent && jst_day(entry.utc) == day;
  });
  return out;
}

LedgerHealth FictionalLedger::health() const {
  const std::lock_guard guard(mutex_);
  LedgerHealth out;
  out.writable = true;
  out.last = LedgerSequence(entries_.size());
  return out;
}

}  // namespace certrelay
