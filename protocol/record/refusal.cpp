#include "protocol/record/refusal.hpp"

namespace certrelay {
namespace {

// Whether the center was told to send an applicant away, before a transaction began.
bool is_of_an_applicant(ErrorCode reason) {
  switch (reason) {
    case ErrorCode::kOutsideHours:
    case ErrorCode::kKindSuspended:
    case ErrorCode::kKindNotOffered:
    case ErrorCode::kIssuingStopped:
    case ErrorCode::kStoppedByOperator:
    case ErrorCode::kRegisterNotReady:
    case ErrorCode::kTransactionsFull:
    case ErrorCode::kClockDoubted:
    case ErrorCode::kLedgerFull:
    case ErrorCode::kLedgerNotWritable:
    case ErrorCode::kLedgerReserve:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::uint64_t turned_away(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::kRefusal:
    case EntryKind::kExpired:
    case EntryKind::kAbandoned:
      return 1;
    case EntryKind::kGateRefusals:
      return entry.role == Role::kCenter && is_of_an_applicant(entry.reason)
                 ? entry.count.value_or(1)
                 : 0;
    default:
      return 0;
  }
}

}  // namespace certrelay
