#pragma once

#include <set>

#include "protocol/record/entry.hpp"

namespace certrelay {

// What the ledger's entries leave in force over a restart: an alarm (INV-9), what operators stopped
// and suspended, and the version of the accounts' store that it names last.
struct StandingOrders {
  ErrorCode alarm = ErrorCode::kNone;
  LedgerSequence alarm_entry;
  bool issuing_stopped = false;
  std::set<CertificateKind> suspended_kinds;
  std::uint64_t operators_version = 0;

  // The entries in their order.
  void take(const Entry& entry);
};

}  // namespace certrelay
