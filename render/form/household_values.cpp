#include "render/form/household_values.hpp"

#include "protocol/base/check.hpp"
#include "render/form/household_grid.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kWideSpace = "　";

Result<std::string> cell_text(const TextCell& cell, const FormTemplate& form) {
  switch (cell.state) {
    case CellState::kBlank:
      return std::string();
    case CellState::kValue:
      return std::string(cell.value.reveal());
    case CellState::kOmitted:
      return form.marks.omitted;
    case CellState::kUnknown:
      return form.marks.unknown;
  }
  return std::string();
}

Result<std::string> cell_text(const DateCell& cell, const FormTemplate& form,
                              std::string_view where) {
  if (cell.state == CellState::kValue) {
    return date_words(cell.date, Calendar::kJapanese, form.eras, where);
  }
  return cell_text(TextCell{cell.state, {}}, form);
}

Result<std::string> remark_text(const PrintedPerson& person, std::size_t index,
                                const FormTemplate& form) {
  if (index >= person.remarks.size()) return std::string();
  const auto& remark = person.remarks[index];
  std::string date;
  if (!remark.date.empty()) {
    CERTRELAY_TRY(date, date_words(remark.date, Calendar::kJapanese, form.eras, "remarks"));
  }
  std::string out;
  for (const std::string_view part : {remark.label.reveal(), remark.name.reveal(),
                                      std::string_view(date), remark.place.reveal()}) {
    if (part.empty()) continue;
    if (!out.empty()) out += kWideSpace;
    out += part;
  }
  return out;
}

// The cells whose item depends on the resident's kind.
Result<std::string> item_text(const JapaneseItems& items, BlockCell cell,
                              const FormTemplate& form) {
  switch (cell) {
    case BlockCell::kRow4:
      return cell_text(items.former_surname_kana, form);
    case BlockCell::kRow5:
      return cell_text(items.former_surname, form);
    case BlockCell::kRow6:
      return cell_text(items.register_head, form);
    case BlockCell::kRow7:
      return cell_text(items.registered_domicile, form);
    default:
      return std::string();  // rows 9 and 10: the form's constant marks
  }
}

Result<std::string> item_text(const ForeignItems& items, BlockCell cell, const FormTemplate& form) {
  switch (cell) {
    case BlockCell::kRow4:
      return cell_text(items.alias_kana, form);
    case BlockCell::kRow5:
      return cell_text(items.alias, form);
    case BlockCell::kRow6:
      return cell_text(items.residence_card_number, form);
    case BlockCell::kRow7:
      return cell_text(items.nationality, form);
    case BlockCell::kRow9Left:
      return cell_text(items.residence_status, form);
    case BlockCell::kRow9Right:
      return cell_text(items.residence_category, form);
    case BlockCell::kRow10Left:
      return cell_text(items.residence_period, form);
    case BlockCell::kRow10Right:
      return cell_text(items.residence_expiry, form, "residence_expiry");
    default:
      return std::string();
  }
}

Result<std::string> birth_text(const PrintedPerson& person, const FormTemplate& form) {
  const auto calendar = person.foreign() ? Calendar::kWestern : Calendar::kJapanese;
  return date_words(person.birth_date, calendar, form.eras, "birth_date");
}

Result<void> put_persons(const SheetValues& sheet, const FormTemplate& form, const FontList& fonts,
                         ContentWriter& out) {
  for (std::size_t block = 0; block < sheet.persons.size(); ++block) {
    for (std::size_t i = 0; i < kBlockCells.size(); ++i) {
      const auto& place = kBlockCells.at(i);
      CERTRELAY_TRY(const auto text, printed_text(sheet.persons[block], i, form));
      CERTRELAY_TRY(const auto fitted,
                    fit_text(fonts, text, box_of(place, block_top(block)), place.where));
      out.text(fitted);
    }
  }
  return ok();
}

Result<void> put_line(ContentWriter& out, const FontList& fonts, std::string_view text,
                      Micrometres x, Micrometres baseline, HalfPoints size, Align align) {
  CERTRELAY_TRY(const auto glyphs, to_glyphs(fonts, text, "footer"));
  const auto width = ems(width_of(glyphs, 0, glyphs.glyphs.size()), size);
  out.glyphs(glyphs, 0, glyphs.glyphs.size(), size, align == Align::kRight ? x - width : x,
             baseline);
  return ok();
}

Result<void> put_footer(const SheetValues& sheet, const FormTemplate& form, const FontList& fonts,
                        ContentWriter& out) {
  const auto& model = sheet.model;
  const auto& sentence =
      model.whole_household ? form.sentences.whole_household : form.sentences.part_of_household;
  CERTRELAY_TRY(
      put_line(out, fonts, sentence, kSentenceX, kSentenceBaseline, kSentenceSize, Align::kLeft));
  CERTRELAY_TRY(const auto day, day_words(model.issue_day, form.eras, "issue_day"));
  CERTRELAY_TRY(put_line(out, fonts, day, kIssueX, kIssueBaseline, kSentenceSize, Align::kLeft));
  std::string id = form.footer.document + std::string(kWideSpace);
  if (model.demo) id += form.demo_word + "-";
  id += model.document_id.text();
  CERTRELAY_TRY(put_line(out, fonts, id, kLeft, kFootBaseline, kFootSize, Align::kLeft));
  const std::string page =
      std::to_string(sheet.page) + "／" + std::to_string(sheet.pages) + form.footer.page;
  return put_line(out, fonts, page, kRight, kFootBaseline, kFootSize, Align::kRight);
}

}  // namespace

Result<std::string> printed_text(const PrintedPerson& person, std::size_t cell,
                                 const FormTemplate& form) {
  const auto& place = kBlockCells.at(cell);
  switch (place.cell) {
    case BlockCell::kNameKana:
      return cell_text(person.name_kana, form);
    case BlockCell::kIndividualNumber:
      return cell_text(person.individual_number, form);
    case BlockCell::kName:
      return std::string(person.name.reveal());
    case BlockCell::kResidentSince:
      return cell_text(person.resident_since, form, place.where);
    case BlockCell::kAddressSince:
      return cell_text(person.address_since, form, place.where);
    case BlockCell::kNotified:
      return cell_text(person.notified, form, place.where);
    case BlockCell::kBirthDate:
      return birth_text(person, form);
    case BlockCell::kSex:
      return cell_text(person.sex, form);
    case BlockCell::kRelation:
      return cell_text(person.relation, form);
    case BlockCell::kPreviousAddress:
      return cell_text(person.previous_address, form);
    case BlockCell::kRemark1:
      return remark_text(person, 0, form);
    case BlockCell::kRemark2:
      return remark_text(person, 1, form);
    default:
      return std::visit([&](const auto& items) { return item_text(items, place.cell, form); },
                        person.items);
  }
}

Result<std::string> value_operators(const SheetValues& sheet, const FormTemplate& form,
                                    const FontList& fonts, FontSet& set) {
  CERTRELAY_CHECK(!sheet.persons.empty() && sheet.persons.size() <= kPersonsASheet);
  ContentWriter out(set);
  CERTRELAY_TRY(const auto address,
                fit_text(fonts, sheet.model.address.reveal(), kAddressBox, "address"));
  out.text(address);
  CERTRELAY_TRY(const auto head_text, cell_text(sheet.model.head_of_household, form));
  CERTRELAY_TRY(const auto head, fit_text(fonts, head_text, kHeadBox, "head_of_household"));
  out.text(head);
  CERTRELAY_TRY(put_persons(sheet, form, fonts, out));
  CERTRELAY_TRY(put_footer(sheet, form, fonts, out));
  return std::move(out).take();
}

}  // namespace certrelay
