// Selection: what the kiosk chose, held against what this inquiry listed and the register in force.
#include <algorithm>

#include "relay/issuance/gates.hpp"
#include "relay/issuance/household_look_up.hpp"
#include "relay/issuance/tokens.hpp"

namespace certrelay {
namespace {

// The chosen members in register order. Errors: kUnknownHandle, kClosedHandle.
Result<std::vector<SelectedCertificate::Member>> choose(const std::vector<ListedMember>& listed,
                                                        const std::vector<MemberHandle>& handles) {
  for (const auto& handle : handles) {
    const auto found = std::find_if(listed.begin(), listed.end(),
                                    [&](const auto& member) { return member.handle == handle; });
    if (found == listed.end()) return Error{ErrorCode::kUnknownHandle, "selection: handle"};
    if (!found->open) return Error{ErrorCode::kClosedHandle, "selection: closed member"};
  }
  std::vector<SelectedCertificate::Member> out;
  for (const auto& member : listed) {
    const bool chosen = std::find(handles.begin(), handles.end(), member.handle) != handles.end();
    if (chosen) out.push_back({member.handle, member.person});
  }
  return out;
}

// Each listed entry exactly once, and none changed that may not be chosen.
Result<void> check_entries(const Catalogue& catalogue, const std::vector<SelectedEntry>& chosen) {
  for (const auto& entry : catalogue.entries) {
    const auto found = std::find_if(chosen.begin(), chosen.end(),
                                    [&](const auto& choice) { return choice.code == entry.entry; });
    if (found == chosen.end()) return Error{ErrorCode::kWrongEntries, "selection: entry missing"};
    if (!entry.selectable && found->include != entry.included_by_default) {
      return Error{ErrorCode::kNotSelectable, "selection: entry"};
    }
  }
  // The decoder has refused doubles, so equal counts mean equal sets.
  if (chosen.size() != catalogue.entries.size())
    return Error{ErrorCode::kWrongEntries, "selection: unknown entry"};
  return ok();
}

// Item 19 of the register in force: an extract can offer only what it brings (R08).
bool offers_number(const Catalogue& catalogue, CertificateKind kind) {
  return std::any_of(catalogue.kinds.begin(), catalogue.kinds.end(), [&](const KindRecord& known) {
    return known.kind == kind && known.individual_number;
  });
}

// The numbers of the chosen members, and of nobody else, into their records.
Result<void> open_numbers(const RegisterSnapshot& snapshot,
                          const std::vector<SelectedCertificate::Member>& chosen,
                          HouseholdView& view) {
  for (const auto& member : chosen) {
    const auto record = std::find_if(view.members.begin(), view.members.end(),
                                     [&](const auto& one) { return one.person == member.person; });
    if (record == view.members.end()) {
      return Error{ErrorCode::kHouseholdChanged, "selection: member not in the household"};
    }
    CERTRELAY_TRY(record->individual_number, snapshot.individual_number(member.person));
  }
  return ok();
}

}  // namespace

Result<SelectedCertificate> SelectedCertificate::select(
    IdentifiedApplicant applicant, const IssuanceRequest& request,
    std::shared_ptr<const RegisterSnapshot> snapshot, UtcTime now, StepTrace& trace) {
  trace.version = snapshot->version();
  trace.crl_number = applicant.crl_number_;
  // Before the checks: whatever they refuse, the entry names the subject.
  auto household = look_up_household(*snapshot, applicant.person_, trace);
  if (request.inquiry_digest != applicant.answer_body_) {
    return Error{ErrorCode::kInquiryDigestDiffers, "selection: inquiry_digest"};
  }
  CERTRELAY_TRY(auto members, choose(applicant.members_, request.members));
  CERTRELAY_TRY(check_entries(snapshot->catalogue(), request.entries));
  if (request.individual_number && !offers_number(snapshot->catalogue(), applicant.head_.kind)) {
    return Error{ErrorCode::kNotSelectable, "selection: individual_number"};
  }
  const auto fee =
      std::find_if(applicant.fees_.begin(), applicant.fees_.end(),
                   [&](const auto& quoted) { return quoted.purpose == request.purpose; });
  if (fee == applicant.fees_.end()) return Error{ErrorCode::kWrongPurpose, "selection: purpose"};

  CERTRELAY_TRY(auto view, std::move(household));
  CERTRELAY_TRY(check_gates(view, applicant.person_, jst_day(now)));
  if (view.household != applicant.view_.household || view.members != applicant.view_.members) {
    return Error{ErrorCode::kHouseholdChanged, "selection: household"};
  }
  if (request.individual_number) {
    CERTRELAY_TRY(open_numbers(*snapshot, members, view));
  }
  return SelectedCertificate(applicant.head_, std::move(applicant.card_), applicant.crl_number_,
                             std::move(applicant.person_), std::move(snapshot), std::move(view),
                             std::move(members), request, *fee);
}

bool SelectedCertificate::includes(std::string_view entry) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& choice) {
    return choice.code.text() == entry && choice.include;
  });
}

}  // namespace certrelay
