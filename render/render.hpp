// The certificate's PDF. Pure: no file, clock or chance; equal models give equal bytes.
#pragma once

#include <span>

#include "render/form/household_form.hpp"
#include "render/model/model.hpp"

namespace certrelay {

// One pinned font: the SHA-256 of its file, and its glyph cache, mapped read-only. The mapping
// must outlive the kit.
struct PinnedFont {
  Digest font_sha256;
  ByteView glyph_cache;
};

// Everything that rendering needs, prepared once at start; immutable, shared by all threads.
class RenderKit {
 public:
  // `fonts` in their order of preference, 1 to 8; `household_template` is TOML, usually
  // default_household_template(). Errors: kFontCacheInvalid, kTemplateInvalid, kInvalidUtf8,
  // kInternal.
  static Result<RenderKit> load(std::span<const PinnedFont> fonts,
                                std::string_view household_template);

  const FontList& fonts() const { return fonts_; }
  const HouseholdForm& household() const { return household_; }
  // Of the template: ascending, at least one.
  const std::vector<Era>& eras() const { return household_.form().eras; }

 private:
  RenderKit(FontList fonts, HouseholdForm household)
      : fonts_(std::move(fonts)), household_(std::move(household)) {}
  FontList fonts_;
  HouseholdForm household_;
};

// A finished file, or nothing: a character that no pinned font has, a text that does not fit, or a
// date without words refuses before a byte exists. Thread-safe.
// Errors: kGlyphMissing, kTextTooLong, kDateNotPrintable, kInvalidUtf8 (`where` names the field);
// kModelInvalid; kInternal.
Result<Bytes> render_certificate(const CertificateModel& model, const RenderKit& kit);

}  // namespace certrelay
