#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Builds the glyph cache of a TrueType font: every character and every variation sequence of its
// cmap (HarfBuzz), every outline flattened and deflated on its own (FreeType, zlib). Done once,
// when the package is built; takes seconds. Equal fonts give equal bytes (with one zlib).
// `font` is the font file. Errors: kFontUnsupported, kInternal.
Result<Bytes> build_glyph_cache(ByteView font);

}  // namespace certrelay
