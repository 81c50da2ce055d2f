#include "relay/issuance/gates.hpp"

#include <algorithm>

namespace certrelay {
namespace {

const PersonRecord* find_member(const HouseholdView& view, const PersonId& person) {
  const auto found = std::find_if(view.members.begin(), view.members.end(),
                                  [&](const auto& member) { return member.person == person; });
  return found == view.members.end() ? nullptr : &*found;
}

bool applicant_gate_closed(const PersonRecord& person, JstDay today) {
  if (person.applicant_gate == ApplicantGate::kOpen) return false;
  return !person.applicant_gate_from || *person.applicant_gate_from <= today;
}

}  // namespace

int age_on(const RegisterDate& birth, JstDay day) {
  const std::chrono::year_month_day now(day);
  if (birth.year == 0) return 0;
  const unsigned month = birth.month == 0 ? 12 : birth.month;
  const unsigned of_month = birth.day == 0 ? 31 : birth.day;
  const int years = static_cast<int>(now.year()) - birth.year;
  const auto today = static_cast<unsigned>(now.month()) * 100 + static_cast<unsigned>(now.day());
  // 0229 compares as later than 0228 and earlier than 0301: the rule for leap days falls out.
  return today < month * 100 + of_month ? years - 1 : years;
}

bool member_open(const PersonRecord& member) { return member.member_gate == MemberGate::kOpen; }

Result<void> check_gates(const HouseholdView& view, const PersonId& applicant, JstDay today) {
  const auto* person = find_member(view, applicant);
  if (person == nullptr) return Error{ErrorCode::kUnknownPerson, "gates: not in the household"};
  if (applicant_gate_closed(*person, today)) {
    return Error{ErrorCode::kApplicantGateClosed, "gates: applicant"};
  }
  if (age_on(person->birth, today) < kApplicantAgeMin) {
    return Error{ErrorCode::kUnderFifteen, "gates: age"};
  }
  if (view.household.gate != HouseholdGate::kOpen) {
    return Error{ErrorCode::kHouseholdGateClosed, "gates: household"};
  }
  // A member under 支援措置 closes the whole household: it must not become a way to find a person.
  const auto shielded = [](const auto& member) {
    return member.applicant_gate == ApplicantGate::kProtected;
  };
  if (std::any_of(view.members.begin(), view.members.end(), shielded)) {
    return Error{ErrorCode::kHouseholdGateClosed, "gates: protected member"};
  }
  if (view.members.size() > kMembersPrintedMax) {
    return Error{ErrorCode::kTooManyMembers, "gates: members"};
  }
  if (std::none_of(view.members.begin(), view.members.end(), member_open)) {
    return Error{ErrorCode::kAllMembersClosed, "gates: all closed"};
  }
  return ok();
}

}  // namespace certrelay
