#include "render/text/font_list.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {

FontList::FontList(std::vector<GlyphCache> fonts) : fonts_(std::move(fonts)) {
  CERTRELAY_CHECK(!fonts_.empty() && fonts_.size() <= 8);
}

std::optional<GlyphRef> FontList::find(Sequence sequence) const {
  for (std::size_t i = 0; i < fonts_.size(); ++i) {
    const auto& font = fonts_[i];
    const auto found = font.find(sequence.base, sequence.selector);
    if (!found) continue;
    const std::uint32_t em = font.metrics().units_per_em;
    return GlyphRef{static_cast<std::uint8_t>(i), *found,
                    (font.advance(*found) * 1000U + em / 2) / em};
  }
  return std::nullopt;
}

Result<GlyphText> to_glyphs(const FontList& fonts, std::string_view text, std::string_view where) {
  GlyphText out;
  auto sequences = split_sequences(text);
  if (!sequences) return Error{sequences.error().code, where};
  out.sequences = std::move(sequences).value();
  out.glyphs.reserve(out.sequences.size());
  for (const auto& sequence : out.sequences) {
    const auto glyph = fonts.find(sequence);
    if (!glyph) return Error{ErrorCode::kGlyphMissing, where};
    out.glyphs.push_back(*glyph);
  }
  return out;
}

Result<std::optional<Sequence>> first_missing(const FontList& fonts, std::string_view text) {
  CERTRELAY_TRY(const auto sequences, split_sequences(text));
  for (const auto& sequence : sequences) {
    if (!fonts.find(sequence)) return std::optional(sequence);
  }
  return std::optional<Sequence>();
}

}  // namespace certrelay
