#pragma once

#include <string>
#include <vector>

#include "relay/registry/erasure/erasure.hpp"

namespace certrelay {

// What an official confirms once a month (R39): Japanese lines, one a stage of an erasure, the sums
// and what is still open. Names nobody.
std::vector<std::string> erasure_report(const std::vector<EvidenceLine>& evidence,
                                        const ErasureStatus& status, UtcTime from, UtcTime until);

}  // namespace certrelay
