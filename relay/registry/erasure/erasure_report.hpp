#pragma once

#include <string>
#include <vector>

#include "relay/registry/erasure/erasure.hpp"

namespace certrelay {

// What was done, from the evidence alone: for an auditor who has the folder and no running relay.
// One line a stage of an erasure, and the sums. Names nobody.
std::vector<std::string> evidence_report(const std::vector<EvidenceLine>& evidence, UtcTime from,
                                         UtcTime until);

// What an official confirms once a month (R39): Japanese lines, one a stage of an erasure, the sums
// and what is still open. Names nobody.
std::vector<std::string> erasure_report(const std::vector<EvidenceLine>& evidence,
                                        const ErasureStatus& status, UtcTime from, UtcTime until);

}  // namespace certrelay
