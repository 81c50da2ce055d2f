// What a start has to know of all the entries before: a fold over the ledger, kept beside it so
// that a start reads only what came after the last checkpoint.
#pragma once

#include <optional>
#include <vector>

#include "relay/ledger/open_deliveries.hpp"
#include "relay/ledger/standing_orders.hpp"
#include "relay/ledger/unfinished.hpp"

namespace certrelay {

// The newest list of one issuer that a kCrlLoaded entry names (R15). Older ones are refused, so it
// is the highest.
struct RecordedCrl {
  Digest issuer;
  CrlNumber number;
  UtcTime this_update;
  friend bool operator==(const RecordedCrl&, const RecordedCrl&) = default;
};

struct StartState {
  StandingOrders standing;
  std::vector<RecordedCrl> crls;
  UnfinishedTransactions unfinished;
  OpenDeliveryIds deliveries;
  std::optional<UtcTime> last_trusted;  // of the newest entry whose clock was not doubted

  // The entries in their order; the same last entries once more change nothing.
  void take(const Entry& entry);

  // The bytes are protocol/record/FORMAT.md's "Start mark".
  Bytes encode() const;
  // Strict. Errors: kMalformed, kTrailingBytes, kStoreVersion (of another program's version),
  // decode_entry's.
  static Result<StartState> parse(ByteView bytes);
};

}  // namespace certrelay
