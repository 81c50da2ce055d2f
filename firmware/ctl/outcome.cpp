#include "firmware/ctl/outcome.hpp"

#include <fmt/core.h>

#include "protocol/base/json.hpp"

namespace certrelay {

void add_json_flag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "結果をJSONで出力する");
}

int tell(const Outcome& outcome, bool json) {
  const bool failed = outcome.exit_code != 0;
  if (failed || !json) fmt::print(failed ? stderr : stdout, "{}\n", outcome.text);
  if (!json) return outcome.exit_code;
  boost::json::object out{{"exit_code", outcome.exit_code}, {"text", outcome.text}};
  for (const auto& [name, value] : outcome.json) out[name] = value;
  fmt::print("{}\n", to_json_text(out));
  return outcome.exit_code;
}

}  // namespace certrelay
