// The certificate's PDF. Pure: no file, clock or chance; equal models give equal bytes.
#pragma once

#include <map>
#include <span>

#include "render/form/sheet_form.hpp"
#include "render/model/model.hpp"
#include "render/readback/known_parts.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {

// One pinned font: the SHA-256 of its file, and its glyph cache (relay/env/pinned_file.hpp), which
// must outlive the kit.
struct PinnedFont {
  Digest font_sha256;
  ByteView glyph_cache;
};

// The form of one kind of certificate and what its reader knows of it, both TOML: usually
// default_household_template() and default_household_rules().
struct FormSource {
  CertificateKind kind;
  std::string_view form;   // render/form/FORMAT.md
  std::string_view rules;  // render/readback/FORMAT.md
  // The mayor's seal (render/form/seal_image.hpp), pinned by whoever read it; empty: the form's own
  // characters.
  ByteView seal_image{};
};

// One kind's form, and the rules that its finished pages are held to.
struct CheckedForm {
  SheetForm form;
  ReadbackRules rules;
  KnownParts known{};  // of its finished pages
};

// Everything that rendering needs, prepared once at start; immutable, shared by all threads.
class RenderKit {
 public:
  // `fonts` in their order of preference, 1 to 8; `forms`: 1 or more, each kind once. A specimen of
  // each form is rendered and read back, so that a form and rules which do not belong together are
  // refused here. Errors: kFontCacheInvalid, kTemplateInvalid, kInvalidUtf8, kInternal.
  static Result<RenderKit> load(std::span<const PinnedFont> fonts,
                                std::span<const FormSource> forms);

  const FontList& fonts() const { return fonts_; }
  // The reader's own view of the same fonts.
  const Outlines& outlines() const { return outlines_; }
  // Null: that kind has no form here.
  const CheckedForm* form(CertificateKind kind) const;
  const std::map<CertificateKind, CheckedForm>& forms() const { return forms_; }
  // Of the first kind's form: ascending, at least one.
  const std::vector<Era>& eras() const { return forms_.begin()->second.form.form().eras; }

 private:
  RenderKit(FontList fonts, Outlines outlines)
      : fonts_(std::move(fonts)), outlines_(std::move(outlines)) {}
  FontList fonts_;
  Outlines outlines_;
  std::map<CertificateKind, CheckedForm> forms_;
};

// A finished file, or nothing: a character that no pinned font has, a text that does not fit, or a
// date without words refuses before a byte exists. Thread-safe.
// Errors: kGlyphMissing, kTextTooLong, kDateNotPrintable, kInvalidUtf8 (`where` names the field);
// kModelInvalid, a kind without form among them; kInternal.
Result<Bytes> render_certificate(const CertificateModel& model, const RenderKit& kit);

}  // namespace certrelay
