#include "firmware/daemon/alarm_watch.hpp"

namespace certrelay {

void AlarmWatch::say_what_is_new() {
  auto label = parts_.alarm.label();
  if (label.empty() || label == said_) {
    said_ = std::move(label);
    return;
  }
  parts_.say(label, parts_.alarm.reason());
  said_ = std::move(label);
}

// Latched while the ledger could not be written: without this a restart would forget it (INV-9).
boost::asio::awaitable<void> AlarmWatch::record_what_is_not() {
  if (!parts_.ledger.health().writable) co_return;
  const auto reason = parts_.alarm.take_unrecorded();
  if (reason == ErrorCode::kNone) co_return;
  Entry entry;
  entry.kind = EntryKind::kAlarmLatched;
  entry.flags = parts_.demo ? kEntryDemo : 0;
  entry.reason = reason;
  co_await record_alarm(parts_.alarm, parts_.ledger, std::move(entry));
}

boost::asio::awaitable<void> AlarmWatch::tick() {
  const auto reason = parts_.ledger.health().reason;
  if (is_ledger_mismatch(reason)) parts_.alarm.latch_unless_latched(reason);
  say_what_is_new();
  co_await record_what_is_not();
}

}  // namespace certrelay
