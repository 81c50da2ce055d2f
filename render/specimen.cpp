#include "render/specimen.hpp"

#include "render/expectation.hpp"
#include "render/page_seals.hpp"
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

MunicipalityCode specimen_municipality() { return MunicipalityCode::parse("392014").value(); }

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

// What a place for the printed seal is checked with; signed by nobody.
Result<void> add_seals(CertificateModel& model, const FormTemplate& form) {
  CERTRELAY_TRY(const auto seals, page_seals(model, form, specimen_municipality(), {}));
  for (const auto& seal : seals) {
    CERTRELAY_TRY(auto text, encode_printed_seal(seal, {}));
    model.seals.push_back(std::move(text));
  }
  return ok();
}

}  // namespace

Result<void> check_specimen(CertificateKind kind, const RenderKit& kit) {
  const auto* form = kit.form(kind);
  if (form == nullptr) return Error{ErrorCode::kTemplateInvalid, "template: kind without a form"};
  for (const bool demo : {false, true}) {
    auto model = specimen(kind, form->form.form().grid, demo);
    auto expected = expectation_of(model);
    if (demo) {
      CERTRELAY_TRY(add_seals(model, form->form.form()));
      if (!model.seals.empty()) expected.seal = ExpectedSeal{kind, specimen_municipality()};
    }
    CERTRELAY_TRY(const auto pdf, render_certificate(model, kit));
    CERTRELAY_TRY(const auto read, read_back(pdf));
    const auto checked = check_readback(read, expected, form->rules);
    if (!checked) return Error{ErrorCode::kTemplateInvalid, checked.error().where};
  }
  return ok();
}

}  // namespace certrelay
