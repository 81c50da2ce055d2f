#include "relay/issuance/expected_document.hpp"

#include <algorithm>

#include "protocol/wire/subject_tag.hpp"

namespace certrelay {
namespace {

// Collects a person's items: what is not added must be blank on the page.
class Items {
 public:
  explicit Items(ExpectedPerson& person) : items_(person.items) {}

  void text(PrintedItem item, const PersonalText& value) {
    if (!value.empty()) items_.emplace_back(item, ExpectedValue::of_text(value));
  }
  void text_or_unknown(PrintedItem item, const PersonalText& value) {
    items_.emplace_back(item,
                        value.empty() ? ExpectedValue::unknown() : ExpectedValue::of_text(value));
  }
  void date(PrintedItem item, const RegisterDate& value) {
    if (!value.empty()) items_.emplace_back(item, ExpectedValue::japanese_date(value));
  }
  void date_or_unknown(PrintedItem item, const RegisterDate& value) {
    items_.emplace_back(
        item, value.empty() ? ExpectedValue::unknown() : ExpectedValue::japanese_date(value));
  }
  void western(PrintedItem item, const RegisterDate& value) {
    items_.emplace_back(item, ExpectedValue::western_date(value));
  }
  void omitted(PrintedItem item) { items_.emplace_back(item, ExpectedValue::omitted()); }

 private:
  std::vector<std::pair<PrintedItem, ExpectedValue>>& items_;
};

void expect_japanese(Items& items, const PersonRecord& record, bool domicile) {
  items.date(PrintedItem::kResidentSince, record.resident_since);
  items.text(PrintedItem::kFormerSurname, record.former_name);
  items.text(PrintedItem::kFormerSurnameKana, record.former_name_kana);
  if (domicile) {
    items.text_or_unknown(PrintedItem::kRegisteredDomicile, record.registered_domicile);
    items.text_or_unknown(PrintedItem::kRegisterHead, record.register_head);
  } else {
    items.omitted(PrintedItem::kRegisteredDomicile);
    items.omitted(PrintedItem::kRegisterHead);
  }
  items.date(PrintedItem::kBirthDate, record.birth);
}

void expect_foreign(Items& items, const PersonRecord& record, bool included) {
  items.date(PrintedItem::kResidentSince, record.foreign_since);
  items.text(PrintedItem::kAlias, record.alias);
  items.text(PrintedItem::kAliasKana, record.alias_kana);
  items.western(PrintedItem::kBirthDate, record.birth);
  if (included) {
    items.text(PrintedItem::kNationality, record.nationality);
    items.text(PrintedItem::kResidenceCardNumber, record.residence_card_number);
    items.text(PrintedItem::kResidenceCategory, record.residence_category);
    items.text(PrintedItem::kResidenceStatus, record.residence_status);
    items.text(PrintedItem::kResidencePeriod, record.residence_period);
    items.date(PrintedItem::kResidenceExpiry, record.residence_expiry);
    return;
  }
  for (const auto item : {PrintedItem::kNationality, PrintedItem::kResidenceCardNumber,
                          PrintedItem::kResidenceCategory, PrintedItem::kResidenceStatus,
                          PrintedItem::kResidencePeriod, PrintedItem::kResidenceExpiry}) {
    items.omitted(item);
  }
}

std::vector<ExpectedValue> expect_remark(const RemarkRecord& remark) {
  std::vector<ExpectedValue> parts;
  if (!remark.label.empty()) parts.push_back(ExpectedValue::of_text(remark.label));
  if (!remark.name.empty()) parts.push_back(ExpectedValue::of_text(remark.name));
  if (!remark.date.empty()) parts.push_back(ExpectedValue::japanese_date(remark.date));
  if (!remark.place.empty()) parts.push_back(ExpectedValue::of_text(remark.place));
  return parts;
}

void expect_number(Items& items, const PersonRecord& record, bool chosen) {
  const auto& number = record.individual_number;
  if (!chosen) {
    items.omitted(PrintedItem::kIndividualNumber);
  } else {
    items.text_or_unknown(PrintedItem::kIndividualNumber,
                          number ? PersonalText(std::string(number->reveal())) : PersonalText());
  }
}

ExpectedPerson expect_person(const PersonRecord& record, const SelectedCertificate& selected,
                             std::string tag) {
  ExpectedPerson person;
  person.subject_tag = std::move(tag);
  person.foreign = record.resident_class == ResidentClass::kForeign;
  Items items(person);
  items.text(PrintedItem::kName, record.name);
  if (record.kana_fixed) items.text(PrintedItem::kNameKana, record.kana);
  expect_number(items, record, selected.individual_number());
  items.date_or_unknown(PrintedItem::kAddressSince, record.address_since);
  items.date(PrintedItem::kNotified, record.notified);
  items.text(PrintedItem::kSex, record.sex_text);
  if (selected.includes(kEntryHeadRelation)) {
    items.text(PrintedItem::kRelation, record.relation_text);
  } else {
    items.omitted(PrintedItem::kRelation);
  }
  items.text_or_unknown(PrintedItem::kPreviousAddress, record.previous_address);
  if (person.foreign) {
    expect_foreign(items, record, selected.includes(kEntryForeignItems));
  } else {
    expect_japanese(items, record, selected.includes(kEntryDomicile));
  }
  for (const auto& remark : record.remarks) person.remarks.push_back(expect_remark(remark));
  return person;
}

}  // namespace

Result<ExpectedDocument> expected_document(const HouseholdView& reread,
                                           const SelectedCertificate& selected,
                                           const DocumentMarks& marks) {
  ExpectedDocument out{.document_id = marks.id,
                       .random_id = marks.random_id,
                       .demo = marks.demo,
                       .whole_household = selected.members().size() == reread.members.size(),
                       .issue_day = marks.issue_day,
                       .address = reread.household.address};
  out.head_of_household = selected.includes(kEntryHeadRelation)
                              ? ExpectedValue::of_text(reread.household.head_name)
                              : ExpectedValue::omitted();
  for (const auto& member : selected.members()) {
    const auto record = std::find_if(reread.members.begin(), reread.members.end(),
                                     [&](const auto& one) { return one.person == member.person; });
    if (record == reread.members.end()) {
      return Error{ErrorCode::kReadbackMismatch, "expected: member not in the household"};
    }
    out.persons.push_back(
        expect_person(*record, selected, subject_tag(selected.head().id, member.handle)));
  }
  return out;
}

}  // namespace certrelay
