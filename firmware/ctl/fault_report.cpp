#include "firmware/ctl/fault_report.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <cstdio>

#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"

namespace certrelay {
namespace {

std::string fault_sentence(const Diagnostic& fault) {
  auto text = fault.file;
  if (fault.line > 0) text += fmt::format(" {}行", fault.line);
  if (!fault.id.empty()) text += " " + fault.id;
  if (!fault.column.empty()) text += fmt::format(" [{}]", fault.column);
  return fmt::format("{}: {}（{}）", text, fault.note + std::string(fault.mend), fault.rule);
}

boost::json::array findings_json(const std::vector<Diagnostic>& faults) {
  boost::json::array out;
  for (const auto& fault : faults) {
    auto record = fault.file;
    if (fault.line > 0) record += fmt::format(":{}", fault.line);
    if (!fault.id.empty()) record += " " + fault.id;
    out.push_back(boost::json::object{{"record", record},
                                      {"field", std::string(fault.column)},
                                      {"rule", std::string(fault.rule)},
                                      {"mend", fault.note + std::string(fault.mend)}});
  }
  return out;
}

}  // namespace

void print_faults(const Diagnostics& found) {
  for (const auto& fault : found.rejections()) {
    fmt::print(stderr, "誤り {}\n", fault_sentence(fault));
  }
  for (const auto& fault : found.warnings()) {
    fmt::print(stderr, "警告 {}\n", fault_sentence(fault));
  }
  const auto shown = found.rejections().size() + found.warnings().size();
  const auto all = found.rejected() + found.warned();
  if (all > shown) fmt::print(stderr, "ほかに{}件\n", all - shown);
}

boost::json::object faults_json(std::string_view state, const Diagnostics& found) {
  return {{"state", std::string(state)},
          {"rejections", findings_json(found.rejections())},
          {"warnings", findings_json(found.warnings())}};
}

int say_faults(std::string_view what, const Diagnostics& found, bool json) {
  print_faults(found);
  return tell(
      {kExitRefused,
       fmt::format("certrelayctl: {}。上の誤り（{}件）を直してから、もう一度行ってください。", what,
                   found.rejected()),
       faults_json("invalid", found)},
      json);
}

}  // namespace certrelay
