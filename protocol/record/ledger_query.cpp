#include "protocol/record/ledger_query.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<EntryOutcome, 5> kOutcomes{{{EntryOutcome::kProvided, "provided"},
                                            {EntryOutcome::kRefused, "refused"},
                                            {EntryOutcome::kPrinted, "printed"},
                                            {EntryOutcome::kNotPrinted, "not_printed"},
                                            {EntryOutcome::kUnresolved, "unresolved"}}};

// Nothing wanted, or exactly this.
template <class T>
bool agrees(const std::optional<T>& wanted, const std::optional<T>& found) {
  return !wanted || wanted == found;
}

}  // namespace

std::string_view to_text(EntryOutcome outcome) { return name_of(kOutcomes, outcome); }
Result<EntryOutcome> parse_entry_outcome(std::string_view text) {
  return value_of(kOutcomes, text, "outcome");
}

std::optional<EntryOutcome> outcome_of(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::kProvisionInquiry:
    case EntryKind::kProvisionIntent:
      return EntryOutcome::kProvided;
    case EntryKind::kRefusal:
    case EntryKind::kGateRefusals:
    case EntryKind::kExpired:
    case EntryKind::kAbandoned:
      return EntryOutcome::kRefused;
    case EntryKind::kEvent:
      return entry.event == RecordedEvent::kPrinted ? EntryOutcome::kPrinted
                                                    : EntryOutcome::kNotPrinted;
    case EntryKind::kDeliveryUnknown:
    case EntryKind::kResultMissing:
      return EntryOutcome::kUnresolved;
    default:
      return std::nullopt;
  }
}

Result<void> check(const LedgerQuery& query) {
  if (query.from && query.until && *query.from >= *query.until) {
    return Error{ErrorCode::kPeriodInvalid, "query: period"};
  }
  return ok();
}

bool matches(const LedgerQuery& query, const Entry& entry) {
  if (query.from && entry.utc < *query.from) return false;
  if (query.until && entry.utc >= *query.until) return false;
  return agrees(query.transaction, entry.transaction) && agrees(query.document, entry.document) &&
         agrees(query.kiosk, entry.kiosk) && agrees(query.outcome, outcome_of(entry));
}

}  // namespace certrelay
