// POST /v1/transactions/{id}/events and GET /v1/transactions/{id}
#pragma once

#include "protocol/base/time.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/transaction_state.hpp"

namespace certrelay {

struct EventReport {
  EventId event_id;
  PrintEvent event;
  UtcTime occurred_at;  // whole seconds
  int sheets_printed;   // of all copies, 0 to kSheetsPrintedMax
  bool paid;
  std::int64_t amount_yen;  // 0 to 100 * kYenMax
};
inline constexpr int kSheetsPrintedMax = 999;

// Errors: see open_message.hpp.
Result<EventReport> decode_event_report(ByteView body);
Result<Bytes> encode(const EventReport& message);

// No personal data, and no reason of a refusal.
struct StateAnswer {
  TransactionId transaction_id;
  CertificateKind certificate_kind;
  TransactionState state;
  UtcTime opened_at;  // whole seconds
};
Result<StateAnswer> decode_state_answer(ByteView body);
Result<Bytes> encode(const StateAnswer& message);

}  // namespace certrelay
