#pragma once

#include <string>

#include "firmware/daemon/access_watch.hpp"
#include "firmware/daemon/health.hpp"
#include "protocol/report/report_period.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {

// The Prometheus text of this moment (version 0.0.4). Names are documented in docs/metrics.md; no
// personal data, no kiosk, no transaction in a label.
std::string metrics_text(const Health& health, const Issuance& issuance, const LedgerHealth& ledger,
                         const RegisterState& reg, const std::vector<ReportPeriod>& overdue,
                         const AccessCounts& access);

}  // namespace certrelay
