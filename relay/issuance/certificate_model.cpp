#include "relay/issuance/certificate_model.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/wire/subject_tag.hpp"
#include "relay/issuance/printed_person.hpp"

namespace certrelay {
namespace {

PrintedEntries entries_of(const SelectedCertificate& selected) {
  return {.head_relation = selected.includes(kEntryHeadRelation),
          .domicile = selected.includes(kEntryDomicile),
          .foreign_items = selected.includes(kEntryForeignItems),
          .individual_number = selected.individual_number()};
}

}  // namespace

CertificateModel certificate_model(const SelectedCertificate& selected,
                                   const DocumentMarks& marks) {
  const auto& view = selected.view();
  const auto entries = entries_of(selected);
  CertificateModel out{.kind = selected.head().kind,
                       .address = view.household.address,
                       .head_of_household = printed_head(view.household, entries),
                       .persons = {},
                       .whole_household = selected.whole_household(),
                       .issue_day = marks.issue_day,
                       .document_id = marks.id,
                       .random_id = marks.random_id,
                       .demo = marks.demo};
  for (const auto& member : selected.members()) {
    const auto record = std::find_if(view.members.begin(), view.members.end(),
                                     [&](const auto& one) { return one.person == member.person; });
    CERTRELAY_CHECK(record != view.members.end());
    out.persons.push_back(printed_person(*record, entries));
    out.persons.back().subject_tag = subject_tag(selected.head().id, member.handle);
  }
  return out;
}

}  // namespace certrelay
