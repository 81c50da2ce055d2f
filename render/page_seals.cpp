#include "render/page_seals.hpp"

namespace certrelay {

Result<std::vector<PrintedSeal>> page_seals(const CertificateModel& model, const FormTemplate& form,
                                            const MunicipalityCode& municipality,
                                            const SealKeyHint& key) {
  std::vector<PrintedSeal> out;
  if (!form.grid.places.code) return out;
  const auto a_page = form.grid.persons;
  const auto pages = static_cast<unsigned>((model.persons.size() + a_page - 1) / a_page);
  for (unsigned page = 1; page <= pages; ++page) {
    out.push_back({.kind = model.kind,
                   .demo = model.demo,
                   .municipality = municipality,
                   .issue_day = model.issue_day,
                   .document = model.document_id,
                   .page = page,
                   .pages = pages,
                   .persons = {},
                   .key = key});
  }
  for (std::size_t i = 0; i < model.persons.size(); ++i) {
    const auto& person = model.persons[i];
    const auto calendar = person.foreign() ? Calendar::kWestern : Calendar::kJapanese;
    CERTRELAY_TRY(auto birth, date_words(person.birth_date, calendar, form.eras, "birth_date"));
    out.at(i / a_page).persons.push_back({person.name, PersonalText(std::move(birth))});
  }
  return out;
}

}  // namespace certrelay
