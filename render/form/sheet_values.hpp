// A certificate's values, each in its cell of the form.
#pragma once

#include <span>
#include <string>

#include "render/form/form_template.hpp"
#include "render/model/model.hpp"
#include "render/pdf/content.hpp"

namespace certrelay {

// One sheet: at most as many persons as the form has blocks, and the page's own words.
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

// The cells of a person's block.
const BlockGrid& block_of(const PrintedPerson& person, const FormTemplate& form);

// What a cell of a person's block prints, or row `row` of 備考; empty for a blank one. Shared with
// the import's check. Errors: kDateNotPrintable.
Result<std::string> printed_text(const PrintedPerson& person, const ValueCell& cell,
                                 const FormTemplate& form);
Result<std::string> remark_text(const PrintedPerson& person, std::size_t row,
                                const FormTemplate& form);

}  // namespace certrelay
