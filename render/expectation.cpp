#include "render/expectation.hpp"

namespace certrelay {
namespace {

// How a cell of the register reads in an expectation. Absent where blank.
void expect(ExpectedPerson& out, PrintedItem item, const TextCell& value) {
  if (value.state == CellState::kBlank) return;
  const auto expected = value.state == CellState::kOmitted   ? ExpectedValue::omitted()
                        : value.state == CellState::kUnknown ? ExpectedValue::unknown()
                                                             : ExpectedValue::of_text(value.value);
  out.items.emplace_back(item, expected);
}

void expect(ExpectedPerson& out, PrintedItem item, const DateCell& value) {
  if (value.state == CellState::kValue) {
    out.items.emplace_back(item, ExpectedValue::japanese_date(value.date));
  } else {
    expect(out, item, TextCell::of(value.state));
  }
}

void expect_items(ExpectedPerson& out, const JapaneseItems& items) {
  expect(out, PrintedItem::kFormerSurnameKana, items.former_surname_kana);
  expect(out, PrintedItem::kFormerSurname, items.former_surname);
  expect(out, PrintedItem::kRegisteredDomicile, items.registered_domicile);
  expect(out, PrintedItem::kRegisterHead, items.register_head);
}

void expect_items(ExpectedPerson& out, const ForeignItems& items) {
  expect(out, PrintedItem::kAliasKana, items.alias_kana);
  expect(out, PrintedItem::kAlias, items.alias);
  expect(out, PrintedItem::kNationality, items.nationality);
  expect(out, PrintedItem::kResidenceCardNumber, items.residence_card_number);
  expect(out, PrintedItem::kResidenceCategory, items.residence_category);
  expect(out, PrintedItem::kResidenceStatus, items.residence_status);
  expect(out, PrintedItem::kResidencePeriod, items.residence_period);
  expect(out, PrintedItem::kResidenceExpiry, items.residence_expiry);
}

std::vector<ExpectedValue> expected_remark(const Remark& remark) {
  std::vector<ExpectedValue> parts;
  if (!remark.label.empty()) parts.push_back(ExpectedValue::of_text(remark.label));
  if (!remark.name.empty()) parts.push_back(ExpectedValue::of_text(remark.name));
  if (!remark.date.empty()) parts.push_back(ExpectedValue::japanese_date(remark.date));
  if (!remark.place.empty()) parts.push_back(ExpectedValue::of_text(remark.place));
  return parts;
}

ExpectedPerson expected_person(const PrintedPerson& p) {
  ExpectedPerson out{.subject_tag = p.subject_tag, .foreign = p.foreign()};
  out.items.emplace_back(PrintedItem::kName, ExpectedValue::of_text(p.name));
  expect(out, PrintedItem::kNameKana, p.name_kana);
  expect(out, PrintedItem::kIndividualNumber, p.individual_number);
  expect(out, PrintedItem::kResidentSince, p.resident_since);
  expect(out, PrintedItem::kAddressSince, p.address_since);
  expect(out, PrintedItem::kNotified, p.notified);
  out.items.emplace_back(PrintedItem::kBirthDate, p.foreign()
                                                      ? ExpectedValue::western_date(p.birth_date)
                                                      : ExpectedValue::japanese_date(p.birth_date));
  expect(out, PrintedItem::kSex, p.sex);
  expect(out, PrintedItem::kRelation, p.relation);
  expect(out, PrintedItem::kPreviousAddress, p.previous_address);
  std::visit([&out](const auto& items) { expect_items(out, items); }, p.items);
  for (const auto& remark : p.remarks) out.remarks.push_back(expected_remark(remark));
  return out;
}

}  // namespace

ExpectedDocument expectation_of(const CertificateModel& model) {
  ExpectedDocument out{.document_id = model.document_id,
                       .random_id = model.random_id,
                       .demo = model.demo,
                       .whole_household = model.whole_household,
                       .issue_day = model.issue_day,
                       .address = model.address};
  const auto& head = model.head_of_household;
  out.head_of_household = head.state == CellState::kOmitted ? ExpectedValue::omitted()
                                                            : ExpectedValue::of_text(head.value);
  for (const auto& person : model.persons) out.persons.push_back(expected_person(person));
  return out;
}

}  // namespace certrelay
