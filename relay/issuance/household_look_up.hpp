// A household together with whose it is for the ledger.
#pragma once

#include "relay/issuance/tokens.hpp"

namespace certrelay {

// The member's pseudonym; null when the view does not hold the person.
const SubjectPseudonym* subject_in(const HouseholdView& view, const PersonId& person);

// household_of(), with `trace.subject` set wherever the person's key lives: the refusal of somebody
// deleted names the subject too. Errors: household_of()'s.
Result<HouseholdView> look_up_household(const RegisterSnapshot& snapshot, const PersonId& person,
                                        StepTrace& trace);

}  // namespace certrelay
