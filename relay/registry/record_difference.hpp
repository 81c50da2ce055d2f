#pragma once

#include <string>

#include "protocol/extract/records.hpp"

namespace certrelay {

// The columns that differ, in the order of the schema, each after "+" (was empty), "-" (is empty
// now) or "~" (another value): what may be said of a change where values may not. A date and its
// text are one column; of `open` and `closed_reason` the reason stands.
std::vector<std::string> changed_columns(const PersonRecord& before, const PersonRecord& after);
std::vector<std::string> changed_columns(const HouseholdRecord& before,
                                         const HouseholdRecord& after);

}  // namespace certrelay
