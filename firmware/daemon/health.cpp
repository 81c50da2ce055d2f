#include "firmware/daemon/health.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "protocol/base/json.hpp"
#include "protocol/wire/health_reasons.hpp"

namespace certrelay {

std::string register_reason(const RegisterState& state) {
  switch (state.reason) {
    case RegisterReason::kTooOld:
      return health_text(HealthReason::kRegisterTooOld);
    case RegisterReason::kClockDoubted:
      return health_text(HealthReason::kRegisterClock);
    case RegisterReason::kGap:
      return health_text(HealthReason::kRegisterGap, {std::to_string(state.version.sequence + 1),
                                                      std::to_string(state.announced)});
    case RegisterReason::kReady:
    case RegisterReason::kNoRegister:
      break;
  }
  return health_text(HealthReason::kRegisterNone);
}

std::vector<HealthWarning> register_warnings(const RegisterState& state) {
  std::vector<HealthWarning> out;
  if (state.ready() && state.near_bound()) {
    out.push_back({"register_age", health_text(HealthReason::kRegisterAgeing,
                                               {std::to_string(state.age.count()),
                                                std::to_string(state.age_max.count())})});
  }
  if (state.quarantined > 0) {
    out.push_back({"quarantine",
                   health_text(HealthReason::kQuarantine, {std::to_string(state.quarantined)})});
  }
  return out;
}

HealthSince HealthMemory::since(const std::string& name, bool ok, UtcTime now, SteadyTime steady) {
  const auto [at, fresh] = known_.try_emplace(name, Known{ok, now, steady});
  if (!fresh && at->second.ok != ok) at->second = {ok, now, steady};
  const auto& known = at->second;
  return {UtcTime(std::chrono::floor<std::chrono::seconds>(known.at)),
          std::chrono::floor<std::chrono::seconds>(steady - known.steady)};
}

void HealthMemory::stamp(Health& health, UtcTime now, SteadyTime steady) {
  const std::lock_guard guard(mutex_);
  for (auto& check : health.checks) check.since = since(check.name, check.ok, now, steady);
  std::erase_if(known_, [&](const auto& known) {  // a warning that is over
    const auto is = [&](const auto& one) { return one.name == known.first; };
    return std::ranges::none_of(health.checks, is) && std::ranges::none_of(health.warnings, is);
  });
  for (auto& warning : health.warnings) warning.since = since(warning.name, false, now, steady);
}

namespace {

void add_since(boost::json::object& row, const HealthSince& since) {
  row["since"] = to_rfc3339_jst(since.at);
  row["age_s"] = since.age.count();
}

}  // namespace

std::string to_json(const Health& health) {
  boost::json::array checks;
  for (const auto& check : health.checks) {
    boost::json::object row{{"name", check.name}, {"ok", check.ok}};
    if (!check.stops) row["stops"] = false;
    add_since(row, check.since);
    if (!check.reason.empty()) row["reason"] = check.reason;
    checks.push_back(std::move(row));
  }
  boost::json::array fonts;
  for (const auto& font : health.font_sha256) fonts.emplace_back(font);
  boost::json::array warnings;
  for (const auto& warning : health.warnings) {
    boost::json::object row{{"name", warning.name}, {"reason", warning.reason}};
    add_since(row, warning.since);
    warnings.push_back(std::move(row));
  }
  return to_json_text(boost::json::object{{"ready", health.ready},
                                          {"demo", health.demo},
                                          {"build", health.build},
                                          {"configuration_sha256", health.configuration_sha256},
                                          {"topology", health.topology},
                                          {"font_sha256", std::move(fonts)},
                                          {"checks", std::move(checks)},
                                          {"warnings", std::move(warnings)}});
}

}  // namespace certrelay
