#include "relay/issuance/household_look_up.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {

const SubjectPseudonym* subject_in(const HouseholdView& view, const PersonId& person) {
  CERTRELAY_CHECK(view.subjects.size() == view.members.size());
  for (std::size_t i = 0; i < view.members.size(); ++i) {
    if (view.members[i].person == person) return &view.subjects[i];
  }
  return nullptr;
}

Result<HouseholdView> look_up_household(const RegisterSnapshot& snapshot, const PersonId& person,
                                        StepTrace& trace) {
  auto view = snapshot.household_of(person);
  if (view) {
    if (const auto* subject = subject_in(view.value(), person)) trace.subject = *subject;
    return view;
  }
  if (const auto subject = snapshot.pseudonym(person)) trace.subject = subject.value();
  return view;
}

}  // namespace certrelay
