// What the center reports of a document that went wrong. What may be a mix-up stops all issuing
// before anything is written, and stays so until two persons have looked (INV-9).
#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {
namespace {

constexpr std::ptrdiff_t kIncidentsMax = 16;  // of one transaction

ActionCode action_of(IncidentKind kind) {
  return ActionCode::parse("incident." + std::string(to_text(kind))).value();
}

bool is_incident(const Entry& entry) { return entry.kind == EntryKind::kIncident; }

}  // namespace

Issuance::Answering Issuance::incident(Call call) {
  const auto report = decode_incident_report(call.frame.request.body);
  if (!report) co_return refuse(call, report.error().code, std::nullopt);
  const auto id = report.value().transaction_id;
  {
    const std::lock_guard lock(events_mutex_);
    if (!events_in_progress_.insert(id).second) {
      co_return refuse(call, ErrorCode::kStepInProgress, id);
    }
  }
  auto answer = co_await record_incident(call, report.value());
  const std::lock_guard lock(events_mutex_);
  events_in_progress_.erase(id);
  co_return answer;
}

// The same report again names the same incident, whenever it comes: the ledger is the memory.
Issuance::Answering Issuance::record_incident(Call call, IncidentReport report) {
  const auto id = report.transaction_id;
  const auto entries = parts_.ledger.entries_of(id);
  if (!entries) co_return refuse(call, entries.error().code, id);
  const auto& known = entries.value();
  const auto story = story_of(known, trusted_now(), settings_.deadlines);
  if (!story) co_return refuse(call, ErrorCode::kUnknownTransaction, id);
  if (story->peer != call.frame.peer) co_return refuse(call, ErrorCode::kForeignTransaction, id);
  const auto answer_with = [&](const IncidentId& incident) {
    auto body = encode(IncidentAnswer{incident});
    CERTRELAY_CHECK(body.has_value());
    return sign(call, json_answer(201, std::move(body.value())));
  };
  const auto action = action_of(report.kind);
  for (const auto& entry : known) {
    if (!is_incident(entry) || !entry.incident || entry.action != action) continue;
    if (entry.stated_reason == report.text) co_return answer_with(*entry.incident);
  }
  if (std::count_if(known.begin(), known.end(), is_incident) >= kIncidentsMax) {
    co_return refuse(call, ErrorCode::kEventNotAllowed, id);
  }

  const auto incident = IncidentId::from_bytes(uuid_v4_bytes(random_bytes<16>(parts_.entropy)));
  CERTRELAY_CHECK(incident.has_value());
  const auto& opened = known.front();
  if (!opened.kiosk) co_return refuse(call, ErrorCode::kStoreCorrupt, id);
  const TransactionHead head{id, story->peer, *opened.kiosk, story->kind, story->opened_at};
  // First the alarm: a crash between the two entries must forget the report, which comes again,
  // never the stop.
  if (latches_alarm(report.kind)) {
    co_await latch_alarm(ErrorCode::kDocumentNotAsked, head);
    table_.wipe_answers(id);
  }
  auto entry = entry_about(head, EntryKind::kIncident, ErrorCode::kNone, {});
  entry.incident = incident.value();
  entry.action = action;
  entry.stated_reason = report.text;
  const auto written = co_await parts_.ledger.append(std::move(entry));
  if (!written) co_return refuse(call, written.error().code, id);
  co_return answer_with(incident.value());
}

}  // namespace certrelay
