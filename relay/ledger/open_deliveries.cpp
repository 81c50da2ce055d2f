#include "relay/ledger/open_deliveries.hpp"

#include <algorithm>

namespace certrelay {
namespace {

DeliveryStep step_of_event(const Entry& entry) {
  if (!entry.event) return DeliveryStep::kNone;
  if (*entry.event == RecordedEvent::kLeftBehind) return DeliveryStep::kLeftBehind;
  const bool paper = *entry.event == RecordedEvent::kPrinted;
  const bool money = entry.paid.value_or(false) && *entry.event != RecordedEvent::kRefunded;
  return paper || !money ? DeliveryStep::kEnds : DeliveryStep::kPaid;
}

}  // namespace

DeliveryStep delivery_step(const Entry& entry) {
  if (!entry.transaction) return DeliveryStep::kNone;
  switch (entry.kind) {
    case EntryKind::kProvisionIntent:
      return DeliveryStep::kBegins;
    case EntryKind::kDeliveryUnknown:
    case EntryKind::kResultMissing:
      return DeliveryStep::kUnknown;
    case EntryKind::kEvent:
      return step_of_event(entry);
    case EntryKind::kOperatorAction:
      return entry.action && entry.action->text() == kResultClosedAction ? DeliveryStep::kEnds
                                                                         : DeliveryStep::kNone;
    default:
      return DeliveryStep::kNone;
  }
}

void OpenDeliveries::begin(const Entry& entry, OpenDelivery::Why why) {
  open_.insert_or_assign(*entry.transaction, OpenDelivery{.why = why,
                                                          .at = entry.utc,
                                                          .transaction = *entry.transaction,
                                                          .kiosk = entry.kiosk,
                                                          .document = entry.document,
                                                          .kind = entry.certificate_kind,
                                                          .yen = entry.fee_yen});
}

void OpenDeliveries::take(const Entry& entry) {
  using Why = OpenDelivery::Why;
  const auto step = delivery_step(entry);
  if (step == DeliveryStep::kNone) return;
  if (step == DeliveryStep::kBegins) return begin(entry, Why::kNoResult);
  const auto found = open_.find(*entry.transaction);
  if (found == open_.end()) {
    // Follows "printed", which ended it: the event tells what is known.
    if (step == DeliveryStep::kLeftBehind) begin(entry, Why::kLeftBehind);
    return;
  }
  if (step == DeliveryStep::kEnds) {
    open_.erase(found);
    return;
  }
  auto& open = found->second;
  if (step == DeliveryStep::kLeftBehind) open.why = Why::kLeftBehind;
  if (step == DeliveryStep::kUnknown) open.why = Why::kUnknown;
  if (step != DeliveryStep::kPaid) return;
  open.why = Why::kPaid;
  if (entry.amount_yen) open.yen = entry.amount_yen;
}

std::vector<OpenDelivery> OpenDeliveries::list() const {
  std::vector<OpenDelivery> out;
  out.reserve(open_.size());
  for (const auto& [id, open] : open_) out.push_back(open);
  std::ranges::stable_sort(out, {}, &OpenDelivery::at);
  return out;
}

void OpenDeliveryIds::take(const Entry& entry) {
  switch (delivery_step(entry)) {
    case DeliveryStep::kBegins:
    case DeliveryStep::kLeftBehind:
      ids_.insert(*entry.transaction);
      return;
    case DeliveryStep::kEnds:
      ids_.erase(*entry.transaction);
      return;
    case DeliveryStep::kNone:
    case DeliveryStep::kUnknown:
    case DeliveryStep::kPaid:
      return;
  }
}

}  // namespace certrelay
