// Fitting a text into a cell: wrap, then shrink by half points down to 7 pt, then refuse with
// 文字数超過. Never cut, never substitute.
#pragma once

#include <string_view>
#include <vector>

#include "render/text/font_list.hpp"
#include "render/text/length.hpp"

namespace certrelay {

enum class Align : std::uint8_t { kLeft, kCentre, kRight };

// A cell and how text stands in it.
struct CellBox {
  Micrometres left, top, right, bottom;
  Micrometres padding;
  HalfPoints size;  // to begin with
  Align align = Align::kLeft;
};

// One line of a fitted text: the glyphs [first, last) at their place on the page. Characters that
// a line break swallows to the eye (a space at the line's end) are still printed, so that the
// lines joined are the text.
struct FittedLine {
  std::size_t first;
  std::size_t last;
  Micrometres x;
  Micrometres baseline;
};

struct FittedText {
  GlyphText text;
  HalfPoints size;
  std::vector<FittedLine> lines;
};

// An empty text has no lines. Errors: kInvalidUtf8, kGlyphMissing, kTextTooLong, each with `where`.
Result<FittedText> fit_text(const FontList& fonts, std::string_view text, const CellBox& box,
                            std::string_view where);

// Whether a text of that width (in thousandths of an em) stands on one line at the cell's own size:
// then fit_text takes it, whatever its characters are. False says nothing.
bool fits_on_one_line(std::int64_t width, const CellBox& box);

// Width of the glyphs [first, last), in thousandths of an em.
std::int64_t width_of(const GlyphText& text, std::size_t first, std::size_t last);

// Whether a line may end after sequence `index` (the next one begins a line).
bool may_break_after(const std::vector<Sequence>& text, std::size_t index);

}  // namespace certrelay
