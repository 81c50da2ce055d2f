// Where a certificate's values stand on 世帯連記式.
#pragma once

#include <span>
#include <string>

#include "render/form/form_template.hpp"
#include "render/model/model.hpp"
#include "render/pdf/content.hpp"

namespace certrelay {

// One sheet: four persons at most, and the page's own words.
struct SheetValues {
  const CertificateModel& model;
  std::span<const PrintedPerson> persons;
  std::size_t page;  // from 1
  std::size_t pages;
};

// The values' content stream. Errors: kInvalidUtf8, kGlyphMissing, kTextTooLong,
// kDateNotPrintable, each naming the field; kModelInvalid.
Result<std::string> value_operators(const SheetValues& sheet, const FormTemplate& form,
                                    const FontList& fonts, FontSet& set);

// What a person's cell prints; empty for a blank one. Shared with the import's check.
Result<std::string> printed_text(const PrintedPerson& person, std::size_t cell,
                                 const FormTemplate& form);

}  // namespace certrelay
