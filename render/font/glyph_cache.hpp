// The glyphs of one pinned font, cut and deflated once when the package is built, so that a
// document's subset font is a concatenation. Read-only and shared by all threads: a cache filled
// on demand would be shared mutable state and tell by its timing who was printed before.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/sha256.hpp"

namespace certrelay {

// One glyph, ready to be joined to others (render/font/FORMAT.md).
struct GlyphRecord {
  ByteView fragment;          // raw deflate of the glyf record, ends on a sync flush
  std::uint32_t raw_length;   // bytes of the glyf record, a multiple of 4
  std::uint32_t adler32;      // of the glyf record
  std::uint32_t word_sum;     // of its big-endian 32-bit words, modulo 2^32
  std::uint16_t advance;      // font units
  std::int16_t left_bearing;  // font units
  std::uint16_t point_count;
  std::uint16_t contour_count;
};

// The font's own figures, in font units.
struct FontMetrics {
  std::uint16_t units_per_em;
  std::int16_t ascent;
  std::int16_t descent;
  std::int16_t x_min;
  std::int16_t y_min;
  std::int16_t x_max;
  std::int16_t y_max;
};

// A position in a cache's table of Unicode sequences.
using SequenceIndex = std::uint32_t;

class GlyphCache {
 public:
  // Views `file`, which must outlive the cache and never change.
  // `font` is the pinned SHA-256 of the font file. Checks the cache's own digest over all bytes.
  // Errors: kFontCacheInvalid.
  static Result<GlyphCache> open(ByteView file, const Digest& font);

  // The exact (base, variation selector) pair; selector 0 is the bare character. Nothing is ever
  // found in its stead.
  std::optional<SequenceIndex> find(char32_t base, char32_t selector) const;
  std::pair<char32_t, char32_t> sequence(SequenceIndex index) const;
  GlyphRecord glyph(SequenceIndex index) const;
  // Font units.
  std::uint16_t advance(SequenceIndex index) const;

  const FontMetrics& metrics() const { return metrics_; }
  // PostScript name, printable ASCII.
  std::string_view name() const { return name_; }
  std::uint32_t sequence_count() const { return sequence_count_; }

 private:
  GlyphCache() = default;
  ByteView glyph_row(SequenceIndex index) const;
  void index_blocks();

  FontMetrics metrics_{};
  std::string_view name_;
  std::uint32_t sequence_count_ = 0;
  std::uint32_t glyph_count_ = 0;
  ByteView sequences_;
  ByteView glyphs_;
  ByteView fragments_;
  // Where the rows of each block of 256 code points begin, and at the end their number: the search
  // for a character looks at its own block alone.
  std::vector<SequenceIndex> blocks_;
};

}  // namespace certrelay
