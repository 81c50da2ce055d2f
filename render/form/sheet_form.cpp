#include "render/form/sheet_form.hpp"

#include "render/form/sheet_values.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPersonsMax = 20;

Error invalid_model(std::string_view where) { return Error{ErrorCode::kModelInvalid, where}; }

// The tag stands in a PDF string as it is.
bool is_subject_tag(std::string_view tag) {
  constexpr std::string_view kBase64Url =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return tag.size() == 43 && tag.find_first_not_of(kBase64Url) == std::string_view::npos;
}

Result<void> check_model(const CertificateModel& model, std::size_t remarks_max) {
  if (model.persons.empty() || model.persons.size() > kPersonsMax) {
    return invalid_model("model: 1 to 20 persons");
  }
  if (model.address.empty()) return invalid_model("model: no address");
  for (const auto& person : model.persons) {
    if (!is_subject_tag(person.subject_tag)) return invalid_model("model: subject tag");
    if (person.name.empty()) return invalid_model("model: no name");
    if (person.remarks.size() > remarks_max) {
      return Error{ErrorCode::kTextTooLong, "remarks"};  // no row left
    }
  }
  return ok();
}

BlockKind kind_of(const PrintedPerson& person) {
  return person.foreign() ? BlockKind::kForeign : BlockKind::kJapanese;
}

}  // namespace

Result<SheetForm> SheetForm::prepare(FormTemplate form, const FontList& fonts,
                                     std::optional<PreparedImage> seal) {
  SheetForm out;
  out.form_ = std::move(form);
  out.seal_ = std::move(seal);
  FontSet set(fonts, 'F');
  for (const bool demo : {false, true}) {
    CERTRELAY_TRY(const auto operators,
                  sheet_operators(out.form_, fonts, set, demo, out.seal_.has_value()));
    CERTRELAY_TRY(auto stream, prepare_stream(operators));
    out.sheets_.push_back(std::move(stream));
  }
  CERTRELAY_TRY(out.prepare_blocks(fonts, set));
  out.fonts_ = prepare_fonts(set);
  return out;
}

Result<void> SheetForm::prepare_blocks(const FontList& fonts, FontSet& set) {
  const auto& remarks = form_.grid.remarks;
  for (std::size_t block = 0; block < form_.grid.persons; ++block) {
    for (const auto kind : {BlockKind::kJapanese, BlockKind::kForeign, BlockKind::kEmpty}) {
      CERTRELAY_TRY(const auto operators, block_operators(form_, fonts, set, block, kind));
      CERTRELAY_TRY(auto stream, prepare_stream(operators));
      blocks_.push_back(std::move(stream));
    }
    for (std::size_t row = 0; remarks.closing && row < remarks.rows; ++row) {
      CERTRELAY_TRY(const auto operators, closing_operators(form_, fonts, set, block, row));
      CERTRELAY_TRY(auto stream, prepare_stream(operators));
      closings_.push_back(std::move(stream));
    }
  }
  return ok();
}

void SheetForm::add_blocks(std::span<const PrintedPerson> persons, PageParts& parts) const {
  const auto rows = form_.grid.remarks.rows;
  for (std::size_t block = 0; block < form_.grid.persons; ++block) {
    const bool filled = block < persons.size();
    const auto kind = filled ? kind_of(persons[block]) : BlockKind::kEmpty;
    parts.form.push_back(&blocks_.at(block * kBlockKinds + static_cast<std::size_t>(kind)));
    if (filled && !closings_.empty() && persons[block].remarks.size() < rows) {
      parts.form.push_back(&closings_.at(block * rows + persons[block].remarks.size()));
    }
  }
}

Result<std::vector<PageParts>> SheetForm::pages(const CertificateModel& model,
                                                const FontList& fonts, FontSet& set) const {
  CERTRELAY_TRY(check_model(model, form_.grid.remarks.rows));
  const std::span<const PrintedPerson> all(model.persons);
  const std::size_t a_page = form_.grid.persons;
  const std::size_t count = (all.size() + a_page - 1) / a_page;
  if (!model.seals.empty() && (!form_.grid.places.code || model.seals.size() != count)) {
    return invalid_model("model: seals");
  }
  std::vector<PageParts> out;
  out.reserve(count);
  for (std::size_t page = 0; page < count; ++page) {
    const auto rest = all.subspan(page * a_page);
    const auto persons = rest.first(std::min(rest.size(), a_page));
    PageParts parts;
    parts.form.push_back(&sheets_.at(model.demo ? 1 : 0));
    add_blocks(persons, parts);
    for (const auto& person : persons) parts.subject_tags.emplace_back(person.subject_tag);
    CERTRELAY_TRY(parts.values,
                  value_operators({model, persons, page + 1, count}, form_, fonts, set));
    if (!model.seals.empty()) {
      CERTRELAY_TRY(parts.code, code_operators(model.seals.at(page), *form_.grid.places.code));
    }
    out.push_back(std::move(parts));
  }
  return out;
}

}  // namespace certrelay
