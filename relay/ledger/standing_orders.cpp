#include "relay/ledger/standing_orders.hpp"

#include <algorithm>

#include "protocol/report/sign_off.hpp"

namespace certrelay {

void StandingOrders::take(const Entry& entry) {
  if (!began) began = entry.utc;
  if (const auto done = signed_report(entry)) sign_offs.insert_or_assign(*done, entry.sequence);
  switch (entry.kind) {
    case EntryKind::kAlarmLatched:
      alarm = entry.reason;
      alarm_entry = entry.sequence;
      break;
    case EntryKind::kAlarmCleared:
      alarm = ErrorCode::kNone;
      break;
    case EntryKind::kIssuingStopped:
      issuing_stopped = true;
      break;
    case EntryKind::kIssuingResumed:
      issuing_stopped = false;
      break;
    case EntryKind::kKindSuspended:
      if (entry.certificate_kind) suspended_kinds.insert(*entry.certificate_kind);
      break;
    case EntryKind::kKindResumed:
      if (entry.certificate_kind) suspended_kinds.erase(*entry.certificate_kind);
      break;
    case EntryKind::kOperatorAction:
    case EntryKind::kApproval:
    case EntryKind::kApprovalDenied:
    case EntryKind::kApprovalExpired:
    case EntryKind::kOperatorsChanged:
    case EntryKind::kOperatorSignedIn:
    case EntryKind::kOperatorLockedOut:
    case EntryKind::kLogInChanged:
      operators_version = std::max(operators_version, entry.count.value_or(0));
      break;
    default:
      break;
  }
}

SignedReports StandingOrders::signed_reports() const {
  SignedReports out;
  for (const auto& [report, at] : sign_offs) out.insert(report);
  return out;
}

}  // namespace certrelay
