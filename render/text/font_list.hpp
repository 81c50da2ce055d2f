#pragma once

#include <optional>
#include <vector>

#include "render/font/glyph_cache.hpp"
#include "render/text/sequence.hpp"

namespace certrelay {

// A glyph of one of the pinned fonts.
struct GlyphRef {
  std::uint8_t font;  // position in the list
  SequenceIndex sequence;
  std::uint32_t advance;  // in 1/1000 of the em, rounded as the PDF's W states it
};

// The pinned fonts in their order: the first that has the exact sequence prints it.
class FontList {
 public:
  // 1 to 8 caches.
  explicit FontList(std::vector<GlyphCache> fonts);

  // Never a substitute: not the bare character for a pair, not a box. Empty: refuse.
  std::optional<GlyphRef> find(Sequence sequence) const;
  const GlyphCache& font(std::size_t index) const { return fonts_.at(index); }
  std::size_t size() const { return fonts_.size(); }

 private:
  std::vector<GlyphCache> fonts_;
};

// A text as glyphs, in order.
struct GlyphText {
  std::vector<Sequence> sequences;
  std::vector<GlyphRef> glyphs;  // one a sequence
};

// Errors: kInvalidUtf8, kGlyphMissing; `where` is a literal naming the field, and no character of
// the text gets into the error.
Result<GlyphText> to_glyphs(const FontList& fonts, std::string_view text, std::string_view where);

// The first sequence of `text` that no font has; for the import's report (R46: "only the field and
// the U+ number"). Errors: kInvalidUtf8.
Result<std::optional<Sequence>> first_missing(const FontList& fonts, std::string_view text);

}  // namespace certrelay
