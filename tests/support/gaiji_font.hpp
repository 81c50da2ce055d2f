// A municipality's own font (外字): what a vendor would cut for one resident's name.
#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay::testing {

// A TrueType file (OpenType 1.9, the tables that a text needs) with one glyph, a square, for
// `point`.
Bytes gaiji_font(char32_t point);

}  // namespace certrelay::testing
