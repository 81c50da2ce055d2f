#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/wire/registry_message.hpp"

namespace certrelay {

// The first kFindingsMax faults as the clerk sees them: record, field, rule, mend; never a value.
std::vector<Finding> findings_of(const std::vector<Diagnostic>& faults);

}  // namespace certrelay
