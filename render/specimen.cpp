#include "render/specimen.hpp"

#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"

namespace certrelay {
namespace {

// Every value is a number of its own, so that two cells that changed places are seen.
class SpecimenWriter {
 public:
  PersonalText text() { return PersonalText(full_width(next_++)); }
  TextCell cell() { return TextCell::of(text()); }
  DateCell date() { return DateCell::of(day()); }
  RegisterDate day() { return {2020, 1 + next_++ % 12, 1 + next_ % 28, {}}; }
  // One digit: the cell is narrow.
  TextCell short_cell() { return TextCell::of(PersonalText("９")); }

 private:
  unsigned next_ = 10;
};

PrintedPerson specimen_person(bool foreign, std::size_t remarks, char tag, SpecimenWriter& write) {
  PrintedPerson out;
  out.subject_tag = std::string(43, tag);
  if (foreign) {
    out.items = ForeignItems{write.cell(), write.cell(), write.cell(), write.cell(),
                             write.cell(), write.cell(), write.cell(), write.date()};
  } else {
    out.items = JapaneseItems{write.cell(), write.cell(), write.cell(), write.cell()};
  }
  out.name_kana = write.cell();
  out.name = write.text();
  out.individual_number = write.cell();
  out.resident_since = write.date();
  out.address_since = write.date();
  out.notified = write.date();
  out.birth_date = write.day();
  out.sex = write.short_cell();
  out.relation = write.cell();
  out.previous_address = write.cell();
  for (std::size_t i = 0; i < remarks; ++i) out.remarks.push_back({write.text(), {}, {}, {}});
  return out;
}

ExpectedValue expected(const TextCell& cell) { return ExpectedValue::of_text(cell.value); }
ExpectedValue expected(const DateCell& cell) { return ExpectedValue::japanese_date(cell.date); }

void expect_items(const JapaneseItems& items, ExpectedPerson& out) {
  out.items.emplace_back(PrintedItem::kFormerSurnameKana, expected(items.former_surname_kana));
  out.items.emplace_back(PrintedItem::kFormerSurname, expected(items.former_surname));
  out.items.emplace_back(PrintedItem::kRegisteredDomicile, expected(items.registered_domicile));
  out.items.emplace_back(PrintedItem::kRegisterHead, expected(items.register_head));
}

void expect_items(const ForeignItems& items, ExpectedPerson& out) {
  out.items.emplace_back(PrintedItem::kAliasKana, expected(items.alias_kana));
  out.items.emplace_back(PrintedItem::kAlias, expected(items.alias));
  out.items.emplace_back(PrintedItem::kNationality, expected(items.nationality));
  out.items.emplace_back(PrintedItem::kResidenceCardNumber, expected(items.residence_card_number));
  out.items.emplace_back(PrintedItem::kResidenceCategory, expected(items.residence_category));
  out.items.emplace_back(PrintedItem::kResidenceStatus, expected(items.residence_status));
  out.items.emplace_back(PrintedItem::kResidencePeriod, expected(items.residence_period));
  out.items.emplace_back(PrintedItem::kResidenceExpiry, expected(items.residence_expiry));
}

ExpectedPerson expected_person(const PrintedPerson& person) {
  ExpectedPerson out{.subject_tag = person.subject_tag, .foreign = person.foreign()};
  out.items = {
      {PrintedItem::kName, ExpectedValue::of_text(person.name)},
      {PrintedItem::kNameKana, expected(person.name_kana)},
      {PrintedItem::kIndividualNumber, expected(person.individual_number)},
      {PrintedItem::kResidentSince, expected(person.resident_since)},
      {PrintedItem::kAddressSince, expected(person.address_since)},
      {PrintedItem::kNotified, expected(person.notified)},
      {PrintedItem::kBirthDate, out.foreign ? ExpectedValue::western_date(person.birth_date)
                                            : ExpectedValue::japanese_date(person.birth_date)},
      {PrintedItem::kSex, expected(person.sex)},
      {PrintedItem::kRelation, expected(person.relation)},
      {PrintedItem::kPreviousAddress, expected(person.previous_address)}};
  std::visit([&out](const auto& items) { expect_items(items, out); }, person.items);
  for (const auto& remark : person.remarks) {
    out.remarks.push_back({ExpectedValue::of_text(remark.label)});
  }
  return out;
}

// A Japanese and a foreign resident, one with all rows of 備考 and one with none; then blocks
// without a person, where the form has them.
CertificateModel specimen(CertificateKind kind, const FormGrid& grid, bool demo) {
  SpecimenWriter write;
  CertificateModel out{.kind = kind,
                       .document_id = DocumentId::parse("20200101-00000000-0000").value()};
  out.address = write.text();
  out.head_of_household = demo ? write.cell() : TextCell::of(CellState::kOmitted);
  out.whole_household = demo;
  out.issue_day = parse_iso_day("2020-01-01").value();
  out.demo = demo;
  const auto rows = grid.remarks.rows;
  for (std::size_t i = 0; i <= grid.persons; ++i) {
    const bool foreign = i % 2 == 1;
    const char tag = static_cast<char>('A' + static_cast<char>(i));
    out.persons.push_back(specimen_person(foreign, foreign == demo ? rows : 0, tag, write));
  }
  return out;
}

ExpectedDocument expected_document(const CertificateModel& model) {
  ExpectedDocument out{.document_id = model.document_id,
                       .random_id = model.random_id,
                       .demo = model.demo,
                       .whole_household = model.whole_household,
                       .issue_day = model.issue_day,
                       .address = model.address};
  out.head_of_household = model.head_of_household.state == CellState::kOmitted
                              ? ExpectedValue::omitted()
                              : expected(model.head_of_household);
  for (const auto& person : model.persons) out.persons.push_back(expected_person(person));
  return out;
}

}  // namespace

Result<void> check_specimen(CertificateKind kind, const RenderKit& kit) {
  const auto* form = kit.form(kind);
  if (form == nullptr) return Error{ErrorCode::kTemplateInvalid, "template: kind without a form"};
  for (const bool demo : {false, true}) {
    const auto model = specimen(kind, form->form.form().grid, demo);
    CERTRELAY_TRY(const auto pdf, render_certificate(model, kit));
    CERTRELAY_TRY(const auto read, read_back(pdf));
    const auto checked = check_readback(read, expected_document(model), form->rules);
    if (!checked) return Error{ErrorCode::kTemplateInvalid, checked.error().where};
  }
  return ok();
}

}  // namespace certrelay
