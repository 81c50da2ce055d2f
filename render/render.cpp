#include "render/render.hpp"

namespace certrelay {

Result<RenderKit> RenderKit::load(std::span<const PinnedFont> fonts,
                                  std::string_view household_template) {
  if (fonts.empty() || fonts.size() > 8) {
    return Error{ErrorCode::kFontCacheInvalid, "fonts: 1 to 8 of them"};
  }
  std::vector<GlyphCache> caches;
  for (const auto& font : fonts) {
    CERTRELAY_TRY(auto cache, GlyphCache::open(font.glyph_cache, font.font_sha256));
    caches.push_back(std::move(cache));
  }
  FontList list(std::move(caches));
  CERTRELAY_TRY(auto form, parse_form_template(household_template));
  CERTRELAY_TRY(auto household, HouseholdForm::prepare(std::move(form), list));
  return RenderKit(std::move(list), std::move(household));
}

Result<Bytes> render_certificate(const CertificateModel& model, const RenderKit& kit) {
  FontSet set(kit.fonts(), 'V');
  CERTRELAY_TRY(const auto pages, kit.household().pages(model, kit.fonts(), set));
  const auto value_fonts = prepare_fonts(set);
  return write_document({.pages = pages,
                         .form_fonts = kit.household().fonts(),
                         .value_fonts = value_fonts,
                         .id = model.random_id});
}

}  // namespace certrelay
