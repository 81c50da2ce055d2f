// What an operator or auditor asks the ledger for. Pure: judged entry by entry.
#pragma once

#include <optional>

#include "protocol/record/entry.hpp"

namespace certrelay {

// What became of a request, as an official asks for it (R41, R42).
enum class EntryOutcome : std::uint8_t {
  kProvided = 1,    // 提供: the 22 items, or a certificate's bytes, were about to leave
  kRefused = 2,     // 不提供: refused, shed at the gate, expired or abandoned
  kPrinted = 3,     // the center reported paper
  kNotPrinted = 4,  // the center reported anything else: cancelled, jammed, refunded ...
  kUnresolved = 5,  // 結果不明: an answer without result
};
std::string_view to_text(EntryOutcome outcome);
// Errors: kMalformed.
Result<EntryOutcome> parse_entry_outcome(std::string_view text);
// None for an entry that is about no request.
std::optional<EntryOutcome> outcome_of(const Entry& entry);

// All that is given must agree; without any, every entry does.
struct LedgerQuery {
  std::optional<TransactionId> transaction;
  std::optional<DocumentId> document;
  std::optional<KioskId> kiosk;
  std::optional<UtcTime> from;   // included
  std::optional<UtcTime> until;  // excluded
  std::optional<EntryOutcome> outcome;
  friend bool operator==(const LedgerQuery&, const LedgerQuery&) = default;
};

// Errors: kPeriodInvalid (it ends before it begins, or where it begins).
Result<void> check(const LedgerQuery& query);
bool matches(const LedgerQuery& query, const Entry& entry);

}  // namespace certrelay
