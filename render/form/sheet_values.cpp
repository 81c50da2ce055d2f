#include "render/form/sheet_values.hpp"

#include "protocol/base/check.hpp"

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

// The items that only one kind of resident has.
Result<std::string> item_text(const JapaneseItems& items, CellItem item, const FormTemplate& form) {
  switch (item) {
    case CellItem::kFormerSurnameKana:
      return cell_text(items.former_surname_kana, form);
    case CellItem::kFormerSurname:
      return cell_text(items.former_surname, form);
    case CellItem::kRegisterHead:
      return cell_text(items.register_head, form);
    case CellItem::kRegisteredDomicile:
      return cell_text(items.registered_domicile, form);
    default:
      return std::string();  // kMark: the form's own
  }
}

Result<std::string> item_text(const ForeignItems& items, CellItem item, const FormTemplate& form) {
  switch (item) {
    case CellItem::kAliasKana:
      return cell_text(items.alias_kana, form);
    case CellItem::kAlias:
      return cell_text(items.alias, form);
    case CellItem::kResidenceCardNumber:
      return cell_text(items.residence_card_number, form);
    case CellItem::kNationality:
      return cell_text(items.nationality, form);
    case CellItem::kResidenceStatus:
      return cell_text(items.residence_status, form);
    case CellItem::kResidenceCategory:
      return cell_text(items.residence_category, form);
    case CellItem::kResidencePeriod:
      return cell_text(items.residence_period, form);
    case CellItem::kResidenceExpiry:
      return cell_text(items.residence_expiry, form, "residence_expiry");
    default:
      return std::string();  // kMark: the form's own
  }
}

Result<std::string> birth_text(const PrintedPerson& person, const FormTemplate& form) {
  const auto calendar = person.foreign() ? Calendar::kWestern : Calendar::kJapanese;
  return date_words(person.birth_date, calendar, form.eras, "birth_date");
}

Result<void> put_remarks(const PrintedPerson& person, const FormTemplate& form,
                         const FontList& fonts, Micrometres top, ContentWriter& out) {
  const auto& remarks = form.grid.remarks;
  for (std::size_t row = 0; row < person.remarks.size(); ++row) {
    CERTRELAY_TRY(const auto text, remark_text(person, row, form));
    CERTRELAY_TRY(const auto fitted,
                  fit_text(fonts, text, below(remark_box(remarks, row), top), "remarks"));
    out.text(fitted);
  }
  return ok();
}

Result<void> put_persons(const SheetValues& sheet, const FormTemplate& form, const FontList& fonts,
                         ContentWriter& out) {
  for (std::size_t block = 0; block < sheet.persons.size(); ++block) {
    const auto& person = sheet.persons[block];
    const auto top = form.grid.block_top(block);
    for (const auto& cell : block_of(person, form).cells) {
      CERTRELAY_TRY(const auto text, printed_text(person, cell, form));
      CERTRELAY_TRY(const auto fitted, fit_text(fonts, text, below(cell.box, top), cell.where));
      out.text(fitted);
    }
    CERTRELAY_TRY(put_remarks(person, form, fonts, top, out));
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
  const auto& [title, at_sentence, at_day, at_note, office, seal, foot, code] = form.grid.places;
  const auto& sentence =
      model.whole_household ? form.sentences.whole_household : form.sentences.part_of_household;
  CERTRELAY_TRY(put_line(out, fonts, sentence, at_sentence.x, at_sentence.baseline,
                         at_sentence.size, Align::kLeft));
  CERTRELAY_TRY(const auto day, day_words(model.issue_day, form.eras, "issue_day"));
  CERTRELAY_TRY(put_line(out, fonts, day, at_day.x, at_day.baseline, at_day.size, Align::kLeft));
  std::string id = form.footer.document + std::string(kWideSpace);
  if (model.demo) id += form.demo_word + "-";
  id += model.document_id.text();
  CERTRELAY_TRY(put_line(out, fonts, id, foot.left, foot.baseline, foot.size, Align::kLeft));
  const std::string page =
      std::to_string(sheet.page) + "／" + std::to_string(sheet.pages) + form.footer.page;
  return put_line(out, fonts, page, foot.right, foot.baseline, foot.size, Align::kRight);
}

}  // namespace

const BlockGrid& block_of(const PrintedPerson& person, const FormTemplate& form) {
  return person.foreign() ? form.grid.foreign : form.grid.japanese;
}

Result<std::string> printed_text(const PrintedPerson& person, const ValueCell& cell,
                                 const FormTemplate& form) {
  switch (cell.item) {
    case CellItem::kMark:
      return std::string();
    case CellItem::kNameKana:
      return cell_text(person.name_kana, form);
    case CellItem::kIndividualNumber:
      return cell_text(person.individual_number, form);
    case CellItem::kName:
      return std::string(person.name.reveal());
    case CellItem::kResidentSince:
      return cell_text(person.resident_since, form, cell.where);
    case CellItem::kAddressSince:
      return cell_text(person.address_since, form, cell.where);
    case CellItem::kNotified:
      return cell_text(person.notified, form, cell.where);
    case CellItem::kBirthDate:
      return birth_text(person, form);
    case CellItem::kSex:
      return cell_text(person.sex, form);
    case CellItem::kRelation:
      return cell_text(person.relation, form);
    case CellItem::kPreviousAddress:
      return cell_text(person.previous_address, form);
    default:
      return std::visit([&](const auto& items) { return item_text(items, cell.item, form); },
                        person.items);
  }
}

Result<std::string> remark_text(const PrintedPerson& person, std::size_t row,
                                const FormTemplate& form) {
  const auto& remark = person.remarks.at(row);
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

Result<std::string> value_operators(const SheetValues& sheet, const FormTemplate& form,
                                    const FontList& fonts, FontSet& set) {
  CERTRELAY_CHECK(!sheet.persons.empty() && sheet.persons.size() <= form.grid.persons);
  ContentWriter out(set);
  const auto& header = form.grid.header;
  CERTRELAY_TRY(const auto address,
                fit_text(fonts, sheet.model.address.reveal(), header.address, "address"));
  out.text(address);
  CERTRELAY_TRY(const auto head_text, cell_text(sheet.model.head_of_household, form));
  CERTRELAY_TRY(const auto head, fit_text(fonts, head_text, header.head, "head_of_household"));
  out.text(head);
  CERTRELAY_TRY(put_persons(sheet, form, fonts, out));
  CERTRELAY_TRY(put_footer(sheet, form, fonts, out));
  return std::move(out).take();
}

}  // namespace certrelay
