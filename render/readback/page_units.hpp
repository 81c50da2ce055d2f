// Internal to render/readback: places on a page, from the points in the file to micrometres from
// the page's top.
#pragma once

#include "render/readback/lexer.hpp"

namespace certrelay {

inline constexpr std::int64_t kPageHeightUm = 297'000;

// 1 pt = 127,000/360 micrometres.
inline std::int64_t to_um(const PdfNumber& points) { return points.millionths / 1000 * 127 / 360; }

}  // namespace certrelay
