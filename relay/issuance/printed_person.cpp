#include "relay/issuance/printed_person.hpp"

namespace certrelay {
namespace {

TextCell blank_or(const PersonalText& text) {
  return text.empty() ? TextCell::of(CellState::kBlank) : TextCell::of(text);
}

// The register has the item for everybody: nothing recorded means unknown, not inapplicable.
TextCell unknown_or(const PersonalText& text) {
  return text.empty() ? TextCell::of(CellState::kUnknown) : TextCell::of(text);
}

TextCell omitted_or(bool included, TextCell cell) {
  return included ? std::move(cell) : TextCell::of(CellState::kOmitted);
}

// Somebody whose number was not notified yet has none: the page says so, as the counter's does, and
// leaves no room to write one in (docs/decisions/0052).
TextCell number_cell(const PersonRecord& person) {
  if (!person.individual_number) return TextCell::of(CellState::kUnknown);
  return TextCell::of(PersonalText(std::string(person.individual_number->reveal())));
}

DateCell blank_or(const RegisterDate& date) {
  return date.empty() ? DateCell::of(CellState::kBlank) : DateCell::of(date);
}

DateCell unknown_or(const RegisterDate& date) {
  return date.empty() ? DateCell::of(CellState::kUnknown) : DateCell::of(date);
}

DateCell omitted_or(bool included, DateCell cell) {
  return included ? std::move(cell) : DateCell::of(CellState::kOmitted);
}

JapaneseItems japanese_items(const PersonRecord& person, const PrintedEntries& entries) {
  const bool domicile = entries.domicile;
  return {.former_surname_kana = blank_or(person.former_name_kana),
          .former_surname = blank_or(person.former_name),
          .registered_domicile = omitted_or(domicile, unknown_or(person.registered_domicile)),
          .register_head = omitted_or(domicile, unknown_or(person.register_head))};
}

ForeignItems foreign_items(const PersonRecord& person, const PrintedEntries& entries) {
  const bool included = entries.foreign_items;
  return {.alias_kana = blank_or(person.alias_kana),
          .alias = blank_or(person.alias),
          .nationality = omitted_or(included, blank_or(person.nationality)),
          .residence_card_number = omitted_or(included, blank_or(person.residence_card_number)),
          .residence_category = omitted_or(included, blank_or(person.residence_category)),
          .residence_status = omitted_or(included, blank_or(person.residence_status)),
          .residence_period = omitted_or(included, blank_or(person.residence_period)),
          .residence_expiry = omitted_or(included, blank_or(person.residence_expiry))};
}

}  // namespace

PrintedPerson printed_person(const PersonRecord& person, const PrintedEntries& entries) {
  const bool foreign = person.resident_class == ResidentClass::kForeign;
  PrintedPerson out;
  if (foreign) {
    out.items = foreign_items(person, entries);
  } else {
    out.items = japanese_items(person, entries);
  }
  if (person.kana_fixed) out.name_kana = blank_or(person.kana);
  out.name = person.name;
  out.individual_number = omitted_or(entries.individual_number, number_cell(person));
  out.resident_since = blank_or(foreign ? person.foreign_since : person.resident_since);
  out.address_since = unknown_or(person.address_since);
  out.notified = blank_or(person.notified);
  out.birth_date = person.birth;
  out.sex = blank_or(person.sex_text);
  out.relation = omitted_or(entries.head_relation, blank_or(person.relation_text));
  out.previous_address = unknown_or(person.previous_address);
  for (const auto& remark : person.remarks) {
    out.remarks.push_back({remark.label, remark.name, remark.date, remark.place});
  }
  return out;
}

TextCell printed_head(const HouseholdRecord& household, const PrintedEntries& entries) {
  return omitted_or(entries.head_relation, blank_or(household.head_name));
}

}  // namespace certrelay
