#include "relay/registry/findings.hpp"

namespace certrelay {
namespace {

Finding finding_of(const Diagnostic& fault) {
  std::string record = fault.file;
  if (fault.line > 0) record += ":" + std::to_string(fault.line);
  if (!fault.id.empty()) record += " " + fault.id;
  return {std::move(record), std::string(fault.column), std::string(fault.rule),
          fault.note + std::string(fault.mend)};
}

}  // namespace

std::vector<Finding> findings_of(const std::vector<Diagnostic>& faults) {
  std::vector<Finding> out;
  for (const auto& fault : faults) {
    if (out.size() == kFindingsMax) break;
    out.push_back(finding_of(fault));
  }
  return out;
}

}  // namespace certrelay
