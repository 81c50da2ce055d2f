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

MunicipalityCode specimen_municipality() { return MunicipalityCode::parse("392901").value(); }

// Which specimen: who stands in the first block, and how many rows of 備考 that kind of resident
// has.
struct Variant {
  bool foreign_first;
  std::size_t remarks;
};

// A Japanese and a foreign resident in turn, the other one with the rows of 備考 that the first has
// not; then blocks without a person, where the form has them.
CertificateModel specimen(CertificateKind kind, const FormGrid& grid, const Variant& variant) {
  const bool demo = variant.foreign_first;
  SpecimenWriter write;
  CertificateModel out{.kind = kind,
                       .document_id = DocumentId::parse("20200101-00000000-0000").value()};
  out.address = write.text();
  out.head_of_household = demo ? write.cell() : TextCell::of(CellState::kOmitted);
  out.whole_household = demo;
  out.issue_day = parse_iso_day("2020-01-01").value();
  out.demo = demo;
  for (std::size_t i = 0; i <= grid.persons; ++i) {
    const bool as_first = i % 2 == 0;
    const char tag = static_cast<char>('A' + static_cast<char>(i));
    const auto remarks = as_first ? variant.remarks : grid.remarks.rows - variant.remarks;
    out.persons.push_back(specimen_person(as_first == variant.foreign_first, remarks, tag, write));
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

// Read back as it was meant; those that are marked 見本 with a printed seal.
Result<Bytes> checked_specimen(CertificateKind kind, const RenderKit& kit, const Variant& variant) {
  const auto* form = kit.form(kind);
  auto model = specimen(kind, form->form.form().grid, variant);
  auto expected = expectation_of(model);
  if (model.demo) {
    CERTRELAY_TRY(add_seals(model, form->form.form()));
    if (!model.seals.empty()) expected.seal = ExpectedSeal{kind, specimen_municipality()};
  }
  CERTRELAY_TRY(auto pdf, render_certificate(model, kit));
  CERTRELAY_TRY(const auto read, read_back(pdf, kit.outlines()));
  const auto checked = check_readback(read, expected, form->rules);
  if (!checked) return Error{ErrorCode::kTemplateInvalid, checked.error().where};
  return pdf;
}

}  // namespace

Result<KnownParts> check_specimen(CertificateKind kind, const RenderKit& kit) {
  const auto* form = kit.form(kind);
  if (form == nullptr) return Error{ErrorCode::kTemplateInvalid, "template: kind without a form"};
  std::vector<Bytes> documents;
  for (std::size_t remarks = 0; remarks <= form->form.form().grid.remarks.rows; ++remarks) {
    for (const bool foreign_first : {false, true}) {
      CERTRELAY_TRY(documents.emplace_back(),
                    checked_specimen(kind, kit, {foreign_first, remarks}));
    }
  }
  return KnownParts::of(documents, kit.outlines());
}

}  // namespace certrelay
