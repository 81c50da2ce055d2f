#include "firmware/daemon/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

namespace certrelay {
namespace {

constexpr double kMilliseconds = 1000;

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const std::string& name, const std::string& help, MetricType type) {
  MetricFamily out;
  out.name = "certrelay_" + name;
  out.help = help;
  out.type = type;
  return out;
}

ClientMetric value_of(double value, MetricType type) {
  ClientMetric metric;
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return metric;
}

MetricFamily single(const std::string& name, const std::string& help, MetricType type,
                    double value) {
  auto out = family(name, help, type);
  out.metric.push_back(value_of(value, type));
  return out;
}

MetricFamily transactions(const Issuance::Counters& counters) {
  auto out = family("transactions_total", "Calls of the center by outcome", MetricType::Counter);
  const auto add = [&](const char* outcome, const std::atomic<std::uint64_t>& count) {
    auto metric = value_of(static_cast<double>(count.load()), MetricType::Counter);
    metric.label.push_back({"outcome", outcome});
    out.metric.push_back(std::move(metric));
  };
  add("opened", counters.opened);
  add("inquired", counters.inquiries);
  add("issued", counters.issued);
  add("refused", counters.refused);
  add("expired", counters.expired);
  add("event", counters.events);
  add("shed", counters.shed);
  return out;
}

MetricFamily reports_overdue(const std::vector<ReportPeriod>& overdue) {
  auto out = family("reports_overdue", "Reports that nobody signed off in time", MetricType::Gauge);
  for (const auto kind :
       {ReportKind::kMonthly, ReportKind::kQuarterly, ReportKind::kAccess, ReportKind::kAnnual}) {
    const auto count = std::ranges::count(overdue, kind, &ReportPeriod::kind);
    auto metric = value_of(static_cast<double>(count), MetricType::Gauge);
    metric.label.push_back({"report", std::string(to_text(kind))});
    out.metric.push_back(std::move(metric));
  }
  return out;
}

MetricFamily checks(const Health& health) {
  auto out = family("check_ok", "1 when the readiness check passes", MetricType::Gauge);
  for (const auto& check : health.checks) {
    auto metric = value_of(check.ok ? 1 : 0, MetricType::Gauge);
    metric.label.push_back({"check", check.name});
    out.metric.push_back(std::move(metric));
  }
  return out;
}

}  // namespace

std::string metrics_text(const Health& health, const Issuance& issuance, const LedgerHealth& ledger,
                         const RegisterState& reg, const std::vector<ReportPeriod>& overdue,
                         const AccessCounts& access) {
  const auto gauge = MetricType::Gauge;
  const auto number = [](auto value) { return static_cast<double>(value); };
  return prometheus::TextSerializer().Serialize({
      single("ready", "1 when certificates can be issued", gauge, health.ready ? 1 : 0),
      checks(health),
      reports_overdue(overdue),
      transactions(issuance.counters()),
      single("transactions_live", "Transactions in memory", gauge,
             number(issuance.live_transactions())),
      single("subject_repeats_total", "Inquiries about one person beyond three in ten minutes",
             MetricType::Counter, number(access.subject_repeats)),
      single("login_failures_total", "Log-ins of operators that were refused", MetricType::Counter,
             number(access.login_failures)),
      single("off_hours_work_total",
             "Log-ins, actions and approvals of operators outside the work hours",
             MetricType::Counter, number(access.off_hours_work)),
      single("ledger_entries", "Durable entries of the ledger", gauge, number(ledger.last.value())),
      single("ledger_waiting", "Appends in the ledger's queue", gauge, number(ledger.waiting)),
      single("ledger_verified_entries", "Last entry of the last pass that found every entry good",
             gauge, number(ledger.check.verified.value())),
      single("ledger_verified_timestamp_seconds", "When that pass ended; 0: none has yet", gauge,
             ledger.check.verified_at
                 ? number(ledger.check.verified_at->time_since_epoch().count()) / kMilliseconds
                 : 0),
      single("ledger_check_finding", "The inner error that the last pass over all entries found",
             gauge, number(static_cast<unsigned>(ledger.check.finding))),
      single("register_generation", "Generation of the register in force", gauge,
             number(reg.version.generation)),
      single("register_sequence", "Last change applied to it", gauge, number(reg.version.sequence)),
      single("register_age_seconds", "Time since the last contact of the source system", gauge,
             number(reg.age.count())),
      single("register_age_max_seconds", "The bound in force", gauge, number(reg.age_max.count())),
      single("register_complete_until_timestamp_seconds",
             "Until when the source system promises that nothing changes; 0: no promise", gauge,
             number(reg.complete_until.time_since_epoch().count()) / kMilliseconds),
      single("register_quarantined_households",
             "Households closed by changes that could not be applied", gauge,
             number(reg.quarantined)),
      single("register_missing_changes", "Changes that were sent and did not come", gauge,
             number(reg.announced - std::min(reg.announced, reg.version.sequence))),
  });
}

}  // namespace certrelay
