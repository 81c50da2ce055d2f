#pragma once

#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// The life of one transaction as the center sees it; the numbers go into the ledger.
enum class TransactionState : std::uint8_t {
  kOpened = 1,
  kIdentified = 2,
  kRefused = 3,
  kExpired = 4,
  kIssued = 5,
  kPrinted = 6,
  kCancelled = 7,
  kJammed = 8,
  kTimedOut = 9,
  kLeftBehind = 10,
  kRefunded = 11,
  kResultMissing = 12,
  kDeliveryUnknown = 13,
};
std::string_view to_text(TransactionState state);
// Errors: kMalformed.
Result<TransactionState> parse_transaction_state(std::string_view text);

// What the kiosk says happened to the paper and the money; the numbers go into the ledger.
enum class PrintEvent : std::uint8_t {
  kPrinted = 1,
  kCancelled = 2,
  kJammed = 3,
  kTimedOut = 4,
  kLeftBehind = 5,
  kRefunded = 6,
};
std::string_view to_text(PrintEvent event);
// Errors: kMalformed.
Result<PrintEvent> parse_print_event(std::string_view text);

// The state after `event`. Errors: kMalformed when that event may not follow that state (409).
Result<TransactionState> state_after(TransactionState state, PrintEvent event);

}  // namespace certrelay
