#include "relay/ledger/reports/period_figures.hpp"

#include "protocol/record/refusal.hpp"

namespace certrelay {
namespace {

Happening happening(const Entry& entry) {
  return {.at = entry.utc,
          .kind = entry.kind,
          .reason = entry.reason,
          .who = entry.operator_name,
          .approver = entry.approver,
          .terminal = entry.terminal,
          .action = entry.action,
          .account = entry.account,
          .count = entry.count,
          .from = entry.period_from,
          .until = entry.period_until};
}

void take_provision(PeriodFigures& figures, const Entry& entry) {
  if (entry.operator_name) ++figures.by_person;
  if (!entry.peer || entry.role.value_or(Role::kCenter) != Role::kCenter) ++figures.without_center;
  if (entry.kind == EntryKind::kProvisionInquiry) {
    ++figures.inquiries;
    return;
  }
  auto& sums = figures.provisions[entry.certificate_kind.value_or(CertificateKind::kJuminhyo)];
  ++sums.documents;
  sums.sheets += entry.sheets.value_or(0);
  sums.copies += entry.copies.value_or(0);
  sums.fee_yen += entry.fee_yen.value_or(0);
}

void take_gate_refusals(PeriodFigures& figures, const Entry& entry) {
  if (const auto applicants = turned_away(entry); applicants > 0) {
    figures.gate_refusals[entry.reason] += applicants;
    return;
  }
  const std::pair listener(entry.role.value_or(Role::kCenter), entry.reason);
  figures.connections[listener] += entry.count.value_or(1);
}

}  // namespace

void Happenings::take(const Entry& entry) {
  if (++count <= kHappeningsMax) first.push_back(happening(entry));
}

bool is_operators_work(EntryKind kind) {
  switch (kind) {
    case EntryKind::kOperatorAction:
    case EntryKind::kOperatorRefused:
    case EntryKind::kOperatorViewed:
    case EntryKind::kApproval:
    case EntryKind::kApprovalDenied:
    case EntryKind::kExport:
    case EntryKind::kSubjectQueried:
    case EntryKind::kReportSignedOff:
    case EntryKind::kOperatorSignedIn:
    case EntryKind::kOperatorSignedOut:
    case EntryKind::kOperatorLockedOut:
    case EntryKind::kLogInChanged:
      return true;
    default:
      return false;
  }
}

std::uint64_t PeriodFigures::of(EntryKind kind) const {
  const auto found = kinds.find(kind);
  return found == kinds.end() ? 0 : found->second;
}

void PeriodFigures::take(const Entry& entry) {
  ++kinds[entry.kind];
  refused += turned_away(entry);
  switch (entry.kind) {
    case EntryKind::kProvisionInquiry:
    case EntryKind::kProvisionIntent:
      return take_provision(*this, entry);
    case EntryKind::kRefusal:
      ++refusals[entry.reason];
      return;
    case EntryKind::kGateRefusals:
      return take_gate_refusals(*this, entry);
    case EntryKind::kEvent:
      if (entry.event) ++events[*entry.event];
      return;
    case EntryKind::kKeysDestroyed:
      keys_destroyed += entry.count.value_or(0);
      return erasures.take(entry);
    case EntryKind::kResidueDropped:
      residue_dropped += entry.count.value_or(0);
      return erasures.take(entry);
    case EntryKind::kErasure:
    case EntryKind::kErasureInterrupted:
    case EntryKind::kStandingOrderGiven:
    case EntryKind::kStandingOrderWithdrawn:
      return erasures.take(entry);
    case EntryKind::kExport:
      return exports.take(entry);
    case EntryKind::kIncident:
    case EntryKind::kAlarmLatched:
    case EntryKind::kAlarmCleared:
    case EntryKind::kIssuingStopped:
    case EntryKind::kIssuingResumed:
    case EntryKind::kKindSuspended:
    case EntryKind::kKindResumed:
      return alarms.take(entry);
    case EntryKind::kBoot:
    case EntryKind::kUpdate:
    case EntryKind::kLedgerRecovered:
    case EntryKind::kRestored:
    case EntryKind::kConsoleSignedIn:
    case EntryKind::kMediumMounted:
      return machine.take(entry);
    case EntryKind::kOperatorsChanged:
      return accounts.take(entry);
    case EntryKind::kOperatorRefused:
      return refused_calls.take(entry);
    case EntryKind::kReportSignedOff:
      ++sign_offs;
      return;
    default:
      return;
  }
}

}  // namespace certrelay
