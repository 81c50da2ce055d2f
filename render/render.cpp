#include "render/render.hpp"

#include "render/form/household_grid.hpp"
#include "render/form/household_values.hpp"

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

namespace {

class ProblemFinder {
 public:
  explicit ProblemFinder(const RenderKit& kit) : kit_(&kit) {}

  void check(Result<std::string> text, const CellBox& box, std::string_view field) {
    if (!text) return add(text.error().code, field, {});
    const auto missing = first_missing(kit_->fonts(), text.value());
    if (!missing) return add(missing.error().code, field, {});
    if (missing.value()) return add(ErrorCode::kGlyphMissing, field, *missing.value());
    const auto fitted = fit_text(kit_->fonts(), text.value(), box, field);
    if (!fitted) add(fitted.error().code, field, {});
  }

  std::vector<PrintProblem> take() && { return std::move(found_); }

 private:
  void add(ErrorCode code, std::string_view field, Sequence missing) {
    found_.push_back({code, field, missing});
  }

  const RenderKit* kit_;
  std::vector<PrintProblem> found_;
};

}  // namespace

std::vector<PrintProblem> find_print_problems(const CertificateModel& model, const RenderKit& kit) {
  ProblemFinder finder(kit);
  finder.check(std::string(model.address.reveal()), kAddressBox, "address");
  if (model.head_of_household.state == CellState::kValue) {
    finder.check(std::string(model.head_of_household.value.reveal()), kHeadBox,
                 "head_of_household");
  }
  for (const auto& person : model.persons) {
    for (std::size_t cell = 0; cell < kBlockCells.size(); ++cell) {
      const auto& place = kBlockCells.at(cell);
      finder.check(printed_text(person, cell, kit.household().form()), box_of(place, block_top(0)),
                   place.where);
    }
  }
  return std::move(finder).take();
}

}  // namespace certrelay
