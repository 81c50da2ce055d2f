#include "relay/ledger/unfinished.hpp"

#include <algorithm>

namespace certrelay {
namespace {

// A refusal after the intent says that not one byte of it left.
bool ends_an_intent(EntryKind kind) {
  return kind == EntryKind::kEvent || kind == EntryKind::kDeliveryUnknown ||
         kind == EntryKind::kResultMissing || kind == EntryKind::kRefusal;
}

bool ends_before_an_intent(EntryKind kind) {
  return kind == EntryKind::kRefusal || kind == EntryKind::kExpired ||
         kind == EntryKind::kAbandoned;
}

Entry closing_entry(const Entry& last) {
  Entry out;
  out.kind = last.kind == EntryKind::kProvisionIntent ? EntryKind::kDeliveryUnknown
                                                      : EntryKind::kAbandoned;
  out.peer = last.peer;
  out.kiosk = last.kiosk;
  out.transaction = last.transaction;
  out.certificate_kind = last.certificate_kind;
  out.document = last.document;
  out.about = last.sequence;
  return out;
}

}  // namespace

void UnfinishedTransactions::take(const Entry& entry) {
  if (!entry.transaction) return;
  switch (entry.kind) {
    case EntryKind::kOpened:
    case EntryKind::kProvisionInquiry:
    case EntryKind::kProvisionIntent:
      open_.insert_or_assign(*entry.transaction, entry);
      return;
    default:
      break;
  }
  const auto found = open_.find(*entry.transaction);
  if (found == open_.end()) return;
  const bool intended = found->second.kind == EntryKind::kProvisionIntent;
  if (intended ? ends_an_intent(entry.kind) : ends_before_an_intent(entry.kind)) {
    open_.erase(found);
  }
}

std::vector<Entry> UnfinishedTransactions::closing_entries() const {
  std::vector<Entry> out;
  out.reserve(open_.size());
  for (const auto& [id, last] : open_) out.push_back(closing_entry(last));
  std::ranges::sort(out, {}, [](const Entry& entry) { return *entry.about; });
  return out;
}

std::vector<Entry> UnfinishedTransactions::entries() const {
  std::vector<Entry> out;
  out.reserve(open_.size());
  for (const auto& [id, last] : open_) out.push_back(last);
  std::ranges::sort(out, {}, &Entry::sequence);
  return out;
}

}  // namespace certrelay
