// Internal to relay/registry: a household out of its members' records.
#pragma once

#include <utility>

#include "relay/ports/register_port.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {

// The household of `person`, members in register order; `read(id, subject)` gives
// Result<StoredPerson> and the pseudonym.
// Records are moved, never copied: a household is most of what a look-up allocates.
// Errors: those of `read`, kStoreCorrupt (members disagree about the household, or leave the
// applicant out).
template <class Read>
Result<HouseholdView> assemble_household(const PersonId& person, const Read& read) {
  SubjectPseudonym own{};
  CERTRELAY_TRY(StoredPerson applicant, read(person, own));
  HouseholdView out{std::move(applicant.household), {}};
  out.members.reserve(applicant.members.size());
  out.subjects.reserve(applicant.members.size());
  bool found = false;
  for (const auto& id : applicant.members) {
    if (!found && id == person) {
      found = true;
      out.members.push_back(std::move(applicant.person));
      out.subjects.push_back(own);
      continue;
    }
    SubjectPseudonym subject{};
    CERTRELAY_TRY(StoredPerson member, read(id, subject));
    // Each member's record repeats the household; two opinions are damage.
    const bool same = member.household == out.household && member.members == applicant.members;
    if (!same) return Error{ErrorCode::kStoreCorrupt, "register: members disagree"};
    out.members.push_back(std::move(member.person));
    out.subjects.push_back(subject);
  }
  if (!found) return Error{ErrorCode::kStoreCorrupt, "register: not a member of the household"};
  return out;
}

}  // namespace certrelay
