#pragma once

#include <vector>

#include "render/form/household_parts.hpp"
#include "render/model/model.hpp"
#include "render/pdf/document.hpp"

namespace certrelay {

// Rows for 備考 in a block: a person with more of them does not print.
inline constexpr std::size_t kPrintedRemarksMax = 2;

// 世帯連記式, ready to print: its streams and font prepared once at start. Immutable.
class HouseholdForm {
 public:
  // Writes and deflates every part of the form with and without 見本, so that a template that does
  // not print is refused here. Errors: kTemplateInvalid, kInternal.
  static Result<HouseholdForm> prepare(FormTemplate form, const FontList& fonts);

  // The pages of one certificate; the values' glyphs go to `set`. The parts view this object and
  // `model`. Errors: kModelInvalid, and those of value_operators().
  Result<std::vector<PageParts>> pages(const CertificateModel& model, const FontList& fonts,
                                       FontSet& set) const;

  std::span<const PreparedFont> fonts() const { return fonts_; }
  const FormTemplate& form() const { return form_; }

 private:
  HouseholdForm() = default;
  FormTemplate form_;
  std::vector<PreparedStream> sheets_;  // plain, demo
  std::vector<PreparedStream> blocks_;  // position * kBlockKinds + kind
  std::vector<PreparedFont> fonts_;
};

}  // namespace certrelay
