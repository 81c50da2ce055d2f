#pragma once

#include "protocol/extract/household_rules.hpp"
#include "relay/ports/print_check_port.hpp"

namespace certrelay {

// Closes the gate of each member who would not print, and warns with opaque id, column, rule and
// mend: a warning, not a rejection, all others go on (rules.md). What the source system closed
// stays as it is. Returns how many members were closed.
std::uint64_t close_unprintable(HouseholdRows& rows, const PrintCheckPort& check,
                                Diagnostics& diagnostics);
// Of each household that a change sends whole.
std::uint64_t close_unprintable(std::vector<HouseholdRows>& households, const PrintCheckPort& check,
                                Diagnostics& diagnostics);

}  // namespace certrelay
