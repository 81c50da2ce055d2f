#include "firmware/daemon/health.hpp"

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

std::string to_json(const Health& health) {
  boost::json::array checks;
  for (const auto& check : health.checks) {
    boost::json::object row{{"name", check.name}, {"ok", check.ok}};
    if (!check.reason.empty()) row["reason"] = check.reason;
    checks.push_back(std::move(row));
  }
  boost::json::array fonts;
  for (const auto& font : health.font_sha256) fonts.emplace_back(font);
  boost::json::array warnings;
  for (const auto& warning : health.warnings) {
    warnings.push_back({{"name", warning.name}, {"reason", warning.reason}});
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
