#include <unistd.h>

#include <filesystem>

#include "firmware/daemon/build_id.hpp"
#include "firmware/daemon/metrics.hpp"
#include "firmware/daemon/monitoring.hpp"
#include "firmware/daemon/open_vault.hpp"
#include "protocol/wire/health_reasons.hpp"

namespace certrelay {

// Reports that no named operator confirmed in time; without operators nobody can.
std::vector<ReportPeriod> OpenVault::overdue() {
  if (!operators_) return {};
  const std::lock_guard guard(reports_mutex_);
  return overdue_reports(ledger_began_, signed_reports_, seams_.clock.utc_now());
}

namespace {

constexpr std::chrono::minutes kLookEach{1};

std::optional<UtcTime> whole_seconds(const std::optional<UtcTime>& time) {
  if (!time) return time;
  return UtcTime(std::chrono::floor<std::chrono::seconds>(*time));
}

std::string number_of(ErrorCode code) { return std::to_string(static_cast<int>(code)); }

}  // namespace

ErasureView OpenVault::erasure_view() {
  const std::lock_guard guard(erasure_mutex_);
  const auto& now = erasure_status_;
  return {.pending = now.pending,
          .pending_since = whole_seconds(now.pending_since),
          .bound = whole_seconds(now.bound),
          .overdue = now.overdue,
          .unfinished = now.unfinished,
          .waiting_for_residue = now.waiting_for_residue,
          .residue_since = whole_seconds(now.residue_since),
          .residue_overdue = now.residue_overdue,
          .standing = now.standing.has_value()};
}

RelayState OpenVault::relay_state() {
  const auto now = health();
  RelayState out{.ready = now.ready,
                 .demo = now.demo,
                 .checks = {},
                 .alarm = std::nullopt,
                 .issuing_stopped = orders_.stopped(),
                 .suspended_kinds = orders_.suspended_kinds(),
                 .register_version = std::nullopt,
                 .pending_approvals = 0,
                 .erasure = erasure_view()};
  for (const auto& one : now.checks) out.checks.push_back({one.name, one.ok, one.reason});
  for (const auto& one : now.warnings) out.checks.push_back({one.name, false, one.reason});
  if (auto label = alarm_.label(); !label.empty()) {
    out.alarm = LatchedAlarm{std::move(label), static_cast<std::uint16_t>(alarm_.reason())};
  }
  const auto version = register_->state().version;
  if (version.generation > 0) out.register_version = version;
  for (const auto& one : registry_.waiting()) {
    out.waiting_extracts.push_back(
        {one.id, one.generation, *whole_seconds(one.created), one.operator_name, {}});
    for (const auto& reason : one.reasons) {
      out.waiting_extracts.back().rails.push_back(reason.rule);
    }
  }
  return out;
}

// What a minute ago was short of, and stops nothing yet.
std::vector<HealthCheck> OpenVault::conditions() {
  const std::lock_guard guard(look_mutex_);
  const auto check = [](std::string name, const std::string& reason) {
    return HealthCheck{std::move(name), reason.empty(), reason, false, {}};
  };
  return {check("fonts", look_.fonts), check("keys", look_.keys), check("disk", look_.disk),
          check("certificates", look_.certificates)};
}

// Reads files: apart from whoever asks.
asio::awaitable<void> OpenVault::look_at_site() {
  while (true) {
    const auto config = config_now();
    std::error_code error;
    const auto space = std::filesystem::space(config->state_dir, error);
    auto look =
        look_at(*config, seams_.files, error ? std::nullopt : std::optional(space.available),
                ends(), ::geteuid(), seams_.clock.utc_now());
    {
      const std::lock_guard guard(look_mutex_);
      look_ = std::move(look);
    }
    co_await seams_.clock.sleep_until(seams_.clock.steady_now() + kLookEach);
  }
}

Health OpenVault::health() {
  const auto config = config_now();
  const auto ledger = ledger_->health();
  const auto state = register_->state();
  const auto cards = cards_->health();
  const auto now = seams_.clock.utc_now();
  const SelfTest tested = self_test_;
  const auto erasures = [this] {
    const std::lock_guard guard(erasure_mutex_);
    return erasure_status_;
  }();
  const auto check = [](std::string name, bool good, std::string reason) {
    return HealthCheck{std::move(name), good, good ? "" : std::move(reason), true, {}};
  };
  Health out{.ready = true,
             .demo = config_.demo,
             .build = std::string(build_id().text()),
             .configuration_sha256 = to_hex(config->digest),
             .topology = config_.topology,
             .font_sha256 = {},
             .checks = {},
             .warnings = {}};
  for (const auto& font : config->render.fonts) out.font_sha256.push_back(to_hex(font.sha256));
  out.checks = {
      check("self_test", tested == SelfTest::kPassed,
            health_text(tested == SelfTest::kRunning ? HealthReason::kSelfTestRunning
                                                     : HealthReason::kSelfTestFailed)),
      check("ledger", ledger.writable,
            health_text(HealthReason::kLedgerNotWritable, {number_of(ledger.reason)})),
      check("clock", !ledger.clock_doubted, health_text(HealthReason::kClockDoubted)),
      check("register", state.ready(), register_reason(state)),
      check("crl", cards.every_issuer_has_crl && now < cards.earliest_next_update,
            health_text(HealthReason::kCrl)),
      check("erasure",
            !erasures.overdue && !erasures.residue_overdue && !erasures.unfinished &&
                !erasures.numbers_overdue,
            health_text(HealthReason::kErasure)),
      check("alarm", !alarm_.latched(),
            health_text(HealthReason::kAlarm, {number_of(alarm_.reason())})),
      check("issuing", !orders_.stopped(), health_text(HealthReason::kIssuingStopped)),
      check("decommission", !decommissioned_, health_text(HealthReason::kDecommission)),
  };
  for (const auto& one : out.checks) out.ready = out.ready && one.ok;
  for (auto& one : conditions()) out.checks.push_back(std::move(one));
  if (ledger.check.finding != ErrorCode::kNone) {
    out.warnings.push_back({"ledger_check", health_text(HealthReason::kLedgerCheck,
                                                        {std::to_string(ledger.check.at.value()),
                                                         number_of(ledger.check.finding)})});
  }
  if (const auto late = overdue(); !late.empty()) {
    const auto& first = late.front();
    out.warnings.push_back(
        {"reports",
         health_text(HealthReason::kReports, {std::to_string(late.size()),
                                              std::string(to_text(first.kind())), first.text()})});
  }
  if (const auto due = operators_ ? operators_->due() : AccountsDue{}; due.any()) {
    out.warnings.push_back(
        {"accounts", health_text(HealthReason::kAccounts,
                                 {std::to_string(due.passwords), std::to_string(due.reviews),
                                  std::to_string(due.unused)})});
  }
  if (!files_closed_) out.warnings.push_back({"sandbox", health_text(HealthReason::kSandbox)});
  for (auto& warning : register_warnings(state)) out.warnings.push_back(std::move(warning));
  health_memory_.stamp(out, now, seams_.clock.steady_now());
  return out;
}

std::string OpenVault::metrics() {
  return metrics_text(health(), issuance_, ledger_->health(), register_->state(), overdue(),
                      access_watch_.counts());
}

asio::awaitable<HttpAnswer> OpenVault::monitor(RequestFrame frame) {
  co_return answer_monitoring(
      frame.request, [this] { return health(); }, [this] { return metrics(); });
}

}  // namespace certrelay
