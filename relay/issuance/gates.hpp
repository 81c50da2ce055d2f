// The three gates of the register, as pure functions over what the register says and the day.
#pragma once

#include "relay/ports/register_port.hpp"

namespace certrelay {

inline constexpr std::size_t kMembersPrintedMax = 20;
inline constexpr int kApplicantAgeMin = 15;  // full years on that day

// Completed years of age on `day`. A person born on 29 February becomes older on 1 March in a
// common year. Unknown parts of the birth date count as the latest that they may be: in doubt a
// person is younger.
int age_on(const RegisterDate& birth, JstDay day);

// Whether this applicant may see the household at all. Errors, each its own in the ledger and one
// outside: kApplicantGateClosed, kUnderFifteen, kHouseholdGateClosed, kTooManyMembers,
// kAllMembersClosed; kUnknownPerson when the view does not hold the person.
Result<void> check_gates(const HouseholdView& view, const PersonId& applicant, JstDay today);

// Whether this member can be chosen and printed.
bool member_open(const PersonRecord& member);

}  // namespace certrelay
