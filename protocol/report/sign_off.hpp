// The ledger's entry that a named operator has confirmed a report (R36, R39, R40, R55).
#pragma once

#include "protocol/record/entry.hpp"
#include "protocol/report/report_period.hpp"

namespace certrelay {

// "report.monthly": the word of the entry's action.
ActionCode sign_off_word(ReportKind kind);
// The report that an entry confirms; none unless it is a kReportSignedOff of a known report.
std::optional<std::pair<ReportKind, std::uint64_t>> signed_report(const Entry& entry);

}  // namespace certrelay
