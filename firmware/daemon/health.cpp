#include "firmware/daemon/health.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "protocol/base/json.hpp"

namespace certrelay {

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
