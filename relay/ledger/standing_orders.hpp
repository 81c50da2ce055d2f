#pragma once

#include <map>
#include <set>

#include "protocol/record/entry.hpp"
#include "protocol/report/report_period.hpp"

namespace certrelay {

// What the ledger's entries leave in force over a restart: an alarm (INV-9), what operators stopped
// and suspended, the version of the accounts' store that it names last, and which reports were
// confirmed.
struct StandingOrders {
  ErrorCode alarm = ErrorCode::kNone;
  LedgerSequence alarm_entry;
  bool issuing_stopped = false;
  std::set<CertificateKind> suspended_kinds;
  std::uint64_t operators_version = 0;
  // The entry that confirmed each report last.
  std::map<std::pair<ReportKind, std::uint64_t>, LedgerSequence> sign_offs;
  std::optional<UtcTime> began;  // the first entry's time

  // The entries in their order.
  void take(const Entry& entry);
  SignedReports signed_reports() const;
};

}  // namespace certrelay
