#pragma once

#include <vector>

#include "render/form/form_parts.hpp"
#include "render/model/model.hpp"
#include "render/pdf/document.hpp"

namespace certrelay {

// One form, ready to print: its streams and font prepared once at start. Immutable.
class SheetForm {
 public:
  // Writes and deflates every part of the form with and without 見本, so that a template that does
  // not print is refused here. Errors: kTemplateInvalid, kInternal.
  // `seal`: the mayor's, in the place of the template's characters.
  static Result<SheetForm> prepare(FormTemplate form, const FontList& fonts,
                                   std::optional<PreparedImage> seal = std::nullopt);

  // The pages of one certificate; the values' glyphs go to `set`. The parts view this object and
  // `model`. Errors: kModelInvalid, and those of value_operators().
  Result<std::vector<PageParts>> pages(const CertificateModel& model, const FontList& fonts,
                                       FontSet& set) const;

  std::span<const PreparedFont> fonts() const { return fonts_; }
  const FormTemplate& form() const { return form_; }
  const PreparedImage* seal() const { return seal_ ? &*seal_ : nullptr; }

 private:
  SheetForm() = default;
  Result<void> prepare_blocks(const FontList& fonts, FontSet& set);
  void add_blocks(std::span<const PrintedPerson> persons, PageParts& parts) const;

  FormTemplate form_;
  std::vector<PreparedStream> sheets_;    // plain, demo
  std::vector<PreparedStream> blocks_;    // block * kBlockKinds + kind
  std::vector<PreparedStream> closings_;  // block * rows + row; empty where the form has no word
  std::vector<PreparedFont> fonts_;
  std::optional<PreparedImage> seal_;
};

}  // namespace certrelay
