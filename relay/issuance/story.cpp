#include "relay/issuance/story.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

// PrintEvent and RecordedEvent are the same six in wire and ledger; each keeps its own numbers.
constexpr Names<RecordedEvent, 6> kEvents{{{RecordedEvent::kPrinted, "printed"},
                                           {RecordedEvent::kCancelled, "cancelled"},
                                           {RecordedEvent::kJammed, "jammed"},
                                           {RecordedEvent::kTimedOut, "timed_out"},
                                           {RecordedEvent::kLeftBehind, "left_behind"},
                                           {RecordedEvent::kRefunded, "refunded"}}};

void apply(TransactionStory& story, const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::kProvisionInquiry:
      story.state = TransactionState::kIdentified;
      break;
    case EntryKind::kProvisionIntent:
      story.state = TransactionState::kIssued;
      story.intent_at = entry.utc;
      break;
    case EntryKind::kRefusal:
      story.state = TransactionState::kRefused;
      break;
    case EntryKind::kExpired:
    case EntryKind::kAbandoned:
      story.state = TransactionState::kExpired;
      break;
    case EntryKind::kDeliveryUnknown:
      story.state = TransactionState::kDeliveryUnknown;
      break;
    case EntryKind::kResultMissing:
      story.state = TransactionState::kResultMissing;
      break;
    case EntryKind::kEvent:
      // It was written because it may follow, so it does.
      if (const auto next = state_after(story.state, print_event(*entry.event))) {
        story.state = next.value();
      }
      break;
    default:
      break;  // what an operator or a newer program noted about it changes no state
  }
}

}  // namespace

PrintEvent print_event(RecordedEvent event) {
  return parse_print_event(name_of(kEvents, event)).value();
}

RecordedEvent recorded_event(PrintEvent event) {
  return value_of(kEvents, to_text(event), "event").value();
}

std::optional<TransactionStory> story_of(const std::vector<Entry>& entries, UtcTime now,
                                         const ServiceDeadlines& deadlines) {
  using std::chrono::seconds;
  if (entries.empty()) return std::nullopt;
  const auto& first = entries.front();
  if (first.kind != EntryKind::kOpened || !first.peer || !first.certificate_kind) {
    return std::nullopt;
  }
  TransactionStory story{*first.peer, *first.certificate_kind, TransactionState::kOpened, first.utc,
                         std::nullopt};
  for (const auto& entry : entries) {
    if (entry.kind == EntryKind::kEvent && !entry.event) return std::nullopt;
    apply(story, entry);
  }
  const auto live_max = seconds(deadlines.challenge_s + deadlines.inquiry_to_issuance_s);
  const bool waiting =
      story.state == TransactionState::kOpened || story.state == TransactionState::kIdentified;
  if (waiting && now - story.opened_at > live_max) story.state = TransactionState::kExpired;
  if (story.state == TransactionState::kIssued &&
      now - *story.intent_at > seconds(deadlines.event_s)) {
    story.state = TransactionState::kResultMissing;
  }
  return story;
}

}  // namespace certrelay
