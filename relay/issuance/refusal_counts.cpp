#include "relay/issuance/refusal_counts.hpp"

#include <utility>

namespace certrelay {

void RefusalCounts::count(Role role, std::optional<PeerName> peer, ErrorCode reason,
                          std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  Key key{role, std::move(peer), reason};
  // Four places stay for the listeners' collective keys.
  if (!counts_.contains(key) && counts_.size() + 4 >= kEntriesPerMinuteMax) {
    key = Key{role, std::nullopt, ErrorCode::kLimitExceeded};
  }
  counts_[key] += number;
}

std::vector<Entry> RefusalCounts::take(UtcTime from, UtcTime until) {
  std::map<Key, std::uint64_t> counts;
  {
    const std::lock_guard lock(mutex_);
    counts = std::exchange(counts_, {});
  }
  std::vector<Entry> out;
  for (const auto& [key, number] : counts) {
    Entry entry;
    entry.kind = EntryKind::kGateRefusals;
    entry.reason = key.reason;
    entry.role = key.role;
    entry.peer = key.peer;
    entry.count = number;
    entry.period_from = from;
    entry.period_until = until;
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace certrelay
