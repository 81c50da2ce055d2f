// Lengths on the page, in whole numbers: the same on every machine, nothing to round twice.
#pragma once

#include <cstdint>

namespace certrelay {

// Micrometres; 297,000 is the height of A4. From the top left corner, y downwards.
using Micrometres = std::int64_t;
inline constexpr Micrometres kPageWidth = 210'000;
inline constexpr Micrometres kPageHeight = 297'000;

// Font sizes in half points: 14 is 7 pt.
using HalfPoints = std::int64_t;
inline constexpr HalfPoints kSmallestSize = 14;

// 1 pt = 1/72 inch = 127/360 mm, so a half point is 127,000/720 micrometres.
// `thousandths` of an em at `size`, in micrometres, rounded down.
constexpr Micrometres ems(std::int64_t thousandths, HalfPoints size) {
  return thousandths * size * 127 / 720;
}

// 1/1000 pt, rounded to nearest: what content streams state.
constexpr std::int64_t to_millipoints(Micrometres length) {
  const std::int64_t scaled = length * 360;
  return (scaled >= 0 ? scaled + 63 : scaled - 63) / 127;
}

}  // namespace certrelay
