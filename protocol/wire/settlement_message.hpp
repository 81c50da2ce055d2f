// GET /v1/settlements/{date}: a day's documents in counts and yen, for the center's accounts.
#pragma once

#include <vector>

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/transaction_state.hpp"

namespace certrelay {

// All documents of one kind, purpose, quoted price and state: a day on which the price changes has
// two rows where it else has one.
struct SettlementRow {
  CertificateKind certificate_kind;
  PurposeCode purpose;
  std::int64_t copy_price_yen;  // quoted for one copy, 0 to kSettlementYenMax
  TransactionState state;       // refused: an intent whose bytes never left
  std::int64_t transactions;    // from 1
  std::int64_t copies;
  std::int64_t sheets;
  std::int64_t quoted_yen;    // certrelay-fee-yen, summed
  std::int64_t paid_yen;      // that events reported as paid
  std::int64_t refunded_yen;  // that `refunded` reported
  friend bool operator==(const SettlementRow&, const SettlementRow&) = default;
};
inline constexpr std::size_t kSettlementRowsMax = 512;
inline constexpr std::int64_t kSettlementYenMax = 1'000'000'000'000;

struct SettlementAnswer {
  JstDay date;                      // of the intents
  UtcTime as_of;                    // whole seconds
  bool final;                       // no event can change it any more
  std::vector<SettlementRow> rows;  // by kind, purpose, price, state; each once
};
// Errors: see open_message.hpp.
Result<SettlementAnswer> decode_settlement_answer(ByteView body);
Result<Bytes> encode(const SettlementAnswer& message);

}  // namespace certrelay
