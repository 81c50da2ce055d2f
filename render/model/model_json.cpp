#include "render/model/model_json.hpp"

#include <algorithm>

#include "protocol/base/json.hpp"
#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<CellState, 3> kMarks{{{CellState::kBlank, "blank"},
                                      {CellState::kOmitted, "omitted"},
                                      {CellState::kUnknown, "unknown"}}};
constexpr JsonLimits kLimits{.bytes_max = 256 * 1024, .depth_max = 6};

Result<PersonalText> text_or_nothing(JsonObject& object, std::string_view name) {
  if (!object.has(name)) return PersonalText();
  CERTRELAY_TRY(const auto value, object.string(name));
  return PersonalText(std::string(value));
}

// {"mark": NAME}
Result<CellState> read_mark(JsonObject& cell) {
  CERTRELAY_TRY(const auto name, cell.string("mark"));
  CERTRELAY_TRY(const auto mark, value_of(kMarks, name, "model: mark"));
  CERTRELAY_TRY(cell.expect_no_more());
  return mark;
}

// Absent: blank. A string: the value. Otherwise a mark.
Result<TextCell> text_cell(JsonObject& object, std::string_view name) {
  const auto* value = object.optional(name);
  if (value == nullptr) return TextCell{};
  if (value->is_string()) {
    const auto& text = value->get_string();
    return TextCell::of(PersonalText(std::string(text.data(), text.size())));
  }
  CERTRELAY_TRY(auto cell, JsonObject::from(*value));
  CERTRELAY_TRY(const auto mark, read_mark(cell));
  return TextCell::of(mark);
}

// {"date": "YYYY-MM-DD", "text": optional}
Result<RegisterDate> read_date(JsonObject& object) {
  CERTRELAY_TRY(const auto iso, object.string("date"));
  CERTRELAY_TRY(auto text, text_or_nothing(object, "text"));
  CERTRELAY_TRY(object.expect_no_more());
  return RegisterDate::parse(iso, std::move(text));
}

Result<DateCell> date_cell(JsonObject& object, std::string_view name) {
  const auto* value = object.optional(name);
  if (value == nullptr) return DateCell{};
  CERTRELAY_TRY(auto cell, JsonObject::from(*value));
  if (cell.has("mark")) {
    CERTRELAY_TRY(const auto mark, read_mark(cell));
    return DateCell::of(mark);
  }
  CERTRELAY_TRY(auto date, read_date(cell));
  return DateCell::of(std::move(date));
}

Result<Remark> read_remark(const boost::json::value& value) {
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  Remark remark;
  CERTRELAY_TRY(remark.label, text_or_nothing(object, "label"));
  CERTRELAY_TRY(remark.name, text_or_nothing(object, "name"));
  CERTRELAY_TRY(remark.place, text_or_nothing(object, "place"));
  if (object.has("date")) {
    CERTRELAY_TRY(auto date, object.object("date"));
    CERTRELAY_TRY(remark.date, read_date(date));
  }
  CERTRELAY_TRY(object.expect_no_more());
  return remark;
}

Result<JapaneseItems> read_japanese(JsonObject& object) {
  JapaneseItems items;
  CERTRELAY_TRY(items.former_surname_kana, text_cell(object, "former_surname_kana"));
  CERTRELAY_TRY(items.former_surname, text_cell(object, "former_surname"));
  CERTRELAY_TRY(items.registered_domicile, text_cell(object, "registered_domicile"));
  CERTRELAY_TRY(items.register_head, text_cell(object, "register_head"));
  return items;
}

Result<ForeignItems> read_foreign(JsonObject& object) {
  ForeignItems items;
  CERTRELAY_TRY(items.alias_kana, text_cell(object, "alias_kana"));
  CERTRELAY_TRY(items.alias, text_cell(object, "alias"));
  CERTRELAY_TRY(items.nationality, text_cell(object, "nationality"));
  CERTRELAY_TRY(items.residence_card_number, text_cell(object, "residence_card_number"));
  CERTRELAY_TRY(items.residence_category, text_cell(object, "residence_category"));
  CERTRELAY_TRY(items.residence_status, text_cell(object, "residence_status"));
  CERTRELAY_TRY(items.residence_period, text_cell(object, "residence_period"));
  CERTRELAY_TRY(items.residence_expiry, date_cell(object, "residence_expiry"));
  return items;
}

Result<void> read_items(JsonObject& object, PrintedPerson& person) {
  CERTRELAY_TRY(const auto resident, object.string("resident"));
  if (resident == "japanese") {
    CERTRELAY_TRY(person.items, read_japanese(object));
    return ok();
  }
  if (resident != "foreign") return Error{ErrorCode::kMalformed, "model: resident"};
  CERTRELAY_TRY(person.items, read_foreign(object));
  return ok();
}

Result<PrintedPerson> read_person(const boost::json::value& value) {
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  PrintedPerson person;
  CERTRELAY_TRY(person.subject_tag, object.string("subject_tag"));
  CERTRELAY_TRY(read_items(object, person));
  CERTRELAY_TRY(const auto name, object.string("name"));
  person.name = PersonalText(std::string(name));
  CERTRELAY_TRY(person.name_kana, text_cell(object, "name_kana"));
  CERTRELAY_TRY(person.individual_number, text_cell(object, "individual_number"));
  CERTRELAY_TRY(person.resident_since, date_cell(object, "resident_since"));
  CERTRELAY_TRY(person.address_since, date_cell(object, "address_since"));
  CERTRELAY_TRY(person.notified, date_cell(object, "notified"));
  CERTRELAY_TRY(auto birth, object.object("birth_date"));
  CERTRELAY_TRY(person.birth_date, read_date(birth));
  CERTRELAY_TRY(person.sex, text_cell(object, "sex"));
  CERTRELAY_TRY(person.relation, text_cell(object, "relation"));
  CERTRELAY_TRY(person.previous_address, text_cell(object, "previous_address"));
  if (object.has("remarks")) {
    CERTRELAY_TRY(const auto remarks, object.array("remarks"));
    for (const auto& item : *remarks) {
      CERTRELAY_TRY(auto remark, read_remark(item));
      person.remarks.push_back(std::move(remark));
    }
  }
  CERTRELAY_TRY(object.expect_no_more());
  return person;
}

}  // namespace

Result<CertificateModel> parse_model_json(std::string_view text) {
  CERTRELAY_TRY(const auto value, parse_strict_json(text, kLimits));
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  CERTRELAY_TRY(const auto id_text, object.string("document_id"));
  CERTRELAY_TRY(auto document_id, DocumentId::parse(id_text));
  CertificateModel model{.document_id = std::move(document_id)};
  CERTRELAY_TRY(const auto kind, object.string("kind"));
  CERTRELAY_TRY(model.kind, parse_certificate_kind(kind));
  CERTRELAY_TRY(const auto address, object.string("address"));
  model.address = PersonalText(std::string(address));
  CERTRELAY_TRY(model.head_of_household, text_cell(object, "head_of_household"));
  CERTRELAY_TRY(model.whole_household, object.boolean("whole_household"));
  CERTRELAY_TRY(const auto day, object.string("issue_day"));
  CERTRELAY_TRY(model.issue_day, parse_iso_day(day));
  CERTRELAY_TRY(const auto random_text, object.string("random_id"));
  CERTRELAY_TRY(const auto random, from_hex(random_text));
  if (random.size() != model.random_id.size()) {
    return Error{ErrorCode::kMalformed, "model: random_id"};
  }
  std::ranges::copy(random, model.random_id.begin());
  CERTRELAY_TRY(model.demo, object.boolean("demo"));
  CERTRELAY_TRY(const auto persons, object.array("persons"));
  for (const auto& item : *persons) {
    CERTRELAY_TRY(auto person, read_person(item));
    model.persons.push_back(std::move(person));
  }
  CERTRELAY_TRY(object.expect_no_more());
  return model;
}

}  // namespace certrelay
