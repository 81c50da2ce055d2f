#pragma once

#include <span>

#include "render/font/glyph_cache.hpp"

namespace certrelay {

// Everything of a TrueType file but the glyphs: the offset table, head, hhea, maxp, hmtx and loca,
// with all checksums right for a glyf table that follows and holds an empty glyph 0 and then
// `glyphs` in order (OpenType 1.9; the tables that ISO 32000-1, 9.9 asks of a CIDFontType2, less
// the hinting tables, because no glyph has instructions).
Bytes sfnt_before_glyf(const FontMetrics& metrics, std::span<const GlyphRecord> glyphs);

}  // namespace certrelay
