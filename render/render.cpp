#include "render/render.hpp"

#include "render/form/seal_image.hpp"
#include "render/specimen.hpp"

namespace certrelay {

Result<RenderKit> RenderKit::load(std::span<const PinnedFont> fonts,
                                  std::span<const FormSource> forms) {
  if (fonts.empty() || fonts.size() > 8) {
    return Error{ErrorCode::kFontCacheInvalid, "fonts: 1 to 8 of them"};
  }
  if (forms.empty()) return Error{ErrorCode::kTemplateInvalid, "template: none"};
  std::vector<GlyphCache> caches;
  std::vector<ByteView> bytes;
  for (const auto& font : fonts) {
    CERTRELAY_TRY(auto cache, GlyphCache::open(font.glyph_cache, font.font_sha256));
    caches.push_back(std::move(cache));
    bytes.push_back(font.glyph_cache);
  }
  CERTRELAY_TRY(auto outlines, Outlines::open(bytes));
  RenderKit kit(FontList(std::move(caches)), std::move(outlines));
  for (const auto& source : forms) {
    CERTRELAY_TRY(auto words, parse_form_template(source.form));
    CERTRELAY_TRY(auto rules, parse_readback_rules(source.rules));
    std::optional<PreparedImage> seal;
    if (!source.seal_image.empty()) {
      CERTRELAY_TRY(seal, read_seal_image(source.seal_image));
      rules.seal_image = sha256(seal->zlib);
    }
    CERTRELAY_TRY(auto form, SheetForm::prepare(std::move(words), kit.fonts_, std::move(seal)));
    if (!kit.forms_.try_emplace(source.kind, CheckedForm{std::move(form), std::move(rules), {}})
             .second) {
      return Error{ErrorCode::kTemplateInvalid, "template: two of one kind"};
    }
    CERTRELAY_TRY(kit.forms_.at(source.kind).known, check_specimen(source.kind, kit));
  }
  return kit;
}

const CheckedForm* RenderKit::form(CertificateKind kind) const {
  const auto found = forms_.find(kind);
  return found == forms_.end() ? nullptr : &found->second;
}

Result<Bytes> render_certificate(const CertificateModel& model, const RenderKit& kit) {
  const auto* found = kit.form(model.kind);
  if (found == nullptr) return Error{ErrorCode::kModelInvalid, "model: kind without a form"};
  FontSet set(kit.fonts(), 'V');
  CERTRELAY_TRY(const auto pages, found->form.pages(model, kit.fonts(), set));
  const auto value_fonts = prepare_fonts(set);
  return write_document({.pages = pages,
                         .form_fonts = found->form.fonts(),
                         .value_fonts = value_fonts,
                         .id = model.random_id,
                         .seal = found->form.seal()});
}

}  // namespace certrelay
