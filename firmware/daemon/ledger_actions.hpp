// What operators order of the ledger: a resident's history, exports, a report's confirmation, the
// end of an unresolved result, a successor's take-over. Rows of the action table.
#pragma once

#include "firmware/daemon/ledger_desk.hpp"
#include "relay/operators/operator_verbs.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay {

// All outlive the verbs.
struct LedgerLevers {
  LedgerPort& ledger;
  RegisterPort& reg;
  LedgerDesk& desk;
  Clock& clock;
  // A confirmed report: health is told.
  std::function<void(ReportKind, std::uint64_t)> confirmed;
  bool demo;
};

// ledger.subject {person} (R56); ledger.export and ledger.incident {from, until}, RFC 3339 in Japan
// (R45, R48); ledger.backup, of every entry that is there; report.sign_off {report, period, digest}
// (R36, R39, R40, R55); result.close {transaction}; ledger.prune (R41); ledger.take_over {size,
// root}, of a copy that was verified elsewhere (R19). Each writes its entry before anything is
// handed out.
void add_ledger_actions(OperatorVerbs& verbs, const LedgerLevers& levers);

}  // namespace certrelay
