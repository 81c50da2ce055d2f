// What the center reports of the paper and the money, days later if need be: the ledger is the only
// memory that this needs.
#include <algorithm>

#include "protocol/wire/event_message.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {
namespace {

bool same_report(const Entry& entry, const EventReport& report) {
  return entry.event == recorded_event(report.event) && entry.occurred_at == report.occurred_at &&
         entry.sheets_printed == report.sheets_printed && entry.paid == report.paid &&
         entry.amount_yen == report.amount_yen;
}

}  // namespace

Issuance::Answering Issuance::event(Call call, TransactionId id) {
  const auto report = decode_event_report(call.frame.request.body);
  if (!report) co_return refuse(call, report.error().code, id);
  {
    // Before the story is read: what is decided on it must still hold when the entry is written.
    const std::lock_guard lock(events_mutex_);
    if (!events_in_progress_.insert(id).second) {
      co_return refuse(call, ErrorCode::kStepInProgress, id);
    }
  }
  auto answer = co_await record_event(call, report.value(), id);
  const std::lock_guard lock(events_mutex_);
  events_in_progress_.erase(id);
  co_return answer;
}

Issuance::Answering Issuance::record_event(Call call, EventReport report, TransactionId id) {
  const auto entries = parts_.ledger.entries_of(id);
  if (!entries) co_return refuse(call, entries.error().code, id);
  const auto& known = entries.value();
  const auto story = story_of(known, trusted_now(), settings_.deadlines);
  if (!story) co_return refuse(call, ErrorCode::kUnknownTransaction, id);
  if (story->peer != call.frame.peer) co_return refuse(call, ErrorCode::kForeignTransaction, id);
  const auto repeated = std::find_if(known.begin(), known.end(), [&](const Entry& entry) {
    return entry.event_id == report.event_id;
  });
  if (repeated != known.end()) {
    if (!same_report(*repeated, report)) co_return refuse(call, ErrorCode::kEventConflict, id);
    co_return sign(call, HttpAnswer{204, {}, {}});
  }
  const auto next = state_after(story->state, report.event);
  if (!next || !story->intent_at) co_return refuse(call, ErrorCode::kEventNotAllowed, id);
  const auto age = trusted_now() - *story->intent_at;
  if (age > kEventsAcceptedFor) co_return refuse(call, ErrorCode::kEventTooLate, id);

  Entry entry;
  entry.kind = EntryKind::kEvent;
  entry.role = Role::kCenter;
  entry.peer = call.frame.peer;
  entry.transaction = id;
  entry.certificate_kind = story->kind;
  entry.event_id = report.event_id;
  entry.event = recorded_event(report.event);
  entry.occurred_at = report.occurred_at;
  entry.sheets_printed = static_cast<std::uint16_t>(report.sheets_printed);
  entry.paid = report.paid;
  entry.amount_yen = static_cast<std::uint32_t>(report.amount_yen);
  entry.flags = settings_.demo ? kEntryDemo : 0;
  if (age > std::chrono::seconds(settings_.deadlines.event_s)) entry.flags |= kEntryLate;
  const auto written = co_await parts_.ledger.append(std::move(entry));
  if (!written) co_return refuse(call, written.error().code, id);
  ++counters_.events;
  table_.wipe_answers(id);  // the paper is out: the bytes are not needed any more (R38)
  table_.set_state(id, next.value());
  co_return sign(call, HttpAnswer{204, {}, {}});
}

}  // namespace certrelay
