#pragma once

#include "protocol/extract/change.hpp"
#include "relay/registry/overlaid_register.hpp"

namespace certrelay {

// What a change does to the register as it is: every person's new record, whole. Rules that need
// the register are checked here and go to `diagnostics`: nobody left behind in a household that
// changes, no card of another person or of nobody, no id used again.
// Errors: the register's (damaged bytes), never a fault of the change.
Result<PlannedChange> plan_change(const OverlaidRegister& now, const ReadChange& read,
                                  Diagnostics& diagnostics);

// A change that cannot be applied closes every household that it names, by its own id or by a
// person's, and does nothing else. Errors: the register's.
Result<PlannedChange> plan_quarantine(const OverlaidRegister& now, const ReadChange& read);

}  // namespace certrelay
