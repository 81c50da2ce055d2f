#include "relay/ledger/reports/open_deliveries.hpp"

#include <algorithm>

namespace certrelay {

void OpenDeliveries::begin(const Entry& entry, OpenDelivery::Why why) {
  open_.insert_or_assign(*entry.transaction, OpenDelivery{.why = why,
                                                          .at = entry.utc,
                                                          .transaction = *entry.transaction,
                                                          .kiosk = entry.kiosk,
                                                          .document = entry.document,
                                                          .kind = entry.certificate_kind,
                                                          .yen = entry.fee_yen});
}

void OpenDeliveries::take_event(const Entry& entry) {
  using Why = OpenDelivery::Why;
  if (!entry.event) return;
  auto found = open_.find(*entry.transaction);
  if (*entry.event == RecordedEvent::kLeftBehind) {
    // Follows "printed", which ended it: the event tells what is known.
    if (found == open_.end()) return begin(entry, Why::kLeftBehind);
    found->second.why = Why::kLeftBehind;
    return;
  }
  if (found == open_.end()) return;
  const bool paper = *entry.event == RecordedEvent::kPrinted;
  const bool money = entry.paid.value_or(false) && *entry.event != RecordedEvent::kRefunded;
  if (paper || !money) {
    open_.erase(found);
    return;
  }
  found->second.why = Why::kPaid;
  if (entry.amount_yen) found->second.yen = entry.amount_yen;
}

void OpenDeliveries::take(const Entry& entry) {
  if (!entry.transaction) return;
  if (entry.kind == EntryKind::kProvisionIntent) return begin(entry, OpenDelivery::Why::kNoResult);
  if (entry.kind == EntryKind::kEvent) return take_event(entry);
  const auto found = open_.find(*entry.transaction);
  if (found == open_.end()) return;
  if (entry.kind == EntryKind::kDeliveryUnknown || entry.kind == EntryKind::kResultMissing) {
    found->second.why = OpenDelivery::Why::kUnknown;
  }
  const bool closed = entry.kind == EntryKind::kOperatorAction && entry.action &&
                      entry.action->text() == kResultClosedAction;
  if (closed) open_.erase(found);
}

std::vector<OpenDelivery> OpenDeliveries::list() const {
  std::vector<OpenDelivery> out;
  out.reserve(open_.size());
  for (const auto& [id, open] : open_) out.push_back(open);
  std::ranges::stable_sort(out, {}, &OpenDelivery::at);
  return out;
}

}  // namespace certrelay
