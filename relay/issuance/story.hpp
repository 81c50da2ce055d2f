// A transaction's state, derived from its entries in the ledger: what is durable is what happened.
#pragma once

#include <vector>

#include "protocol/record/entry.hpp"
#include "protocol/wire/service_message.hpp"
#include "protocol/wire/transaction_state.hpp"

namespace certrelay {

inline constexpr std::chrono::days kEventsAcceptedFor{35};

struct TransactionStory {
  PeerName peer;
  CertificateKind kind;
  TransactionState state;
  UtcTime opened_at;
  std::optional<UtcTime> intent_at;  // none: no document was handed out
};

// None when the entries do not begin with an opening. Deadlines that passed without an entry count:
// an opened transaction of yesterday is expired, an answer without a result is result_missing.
std::optional<TransactionStory> story_of(const std::vector<Entry>& entries, UtcTime now,
                                         const ServiceDeadlines& deadlines);

PrintEvent print_event(RecordedEvent event);
RecordedEvent recorded_event(PrintEvent event);

}  // namespace certrelay
