#pragma once

#include <ft2build.h>
#include FT_OUTLINE_H

#include "protocol/base/bytes.hpp"

namespace certrelay {

// A TrueType outline (on-curve and conic points, font units) as a simple glyf record (OpenType,
// table glyf), padded with zeros to a multiple of 4; empty for an outline without contours. No
// instructions. A composite glyph comes out flattened, because FreeType loads it so.
// Errors: kFontUnsupported (cubic points, or coordinates past 16 bits).
Result<Bytes> encode_glyf(const FT_Outline& outline);

}  // namespace certrelay
