#include "render/text/fit.hpp"

#include <optional>

#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

// Lines of one cell stand 1.15 sizes apart, and the block keeps 0.6 mm of the cell's height free.
constexpr std::int64_t kLinePitchThousandths = 1150;
constexpr Micrometres kHeightReserve = 600;
// The baseline lies 0.37 sizes below the middle of the line's slot.
constexpr std::int64_t kBaselineThousandths = 370;

bool is_space(char32_t point) { return point == U' ' || point == U'\u3000'; }

// Letters, digits and signs that make a word which stays whole: everything below the CJK blocks.
bool is_word_character(char32_t point) { return point < 0x2E80 && !is_space(point); }

// Never at a line's head (JIS X 4051, the part that names and addresses need).
bool is_forbidden_at_head(char32_t point) {
  constexpr std::u32string_view kForbidden =
      U"、。，．）］｝〉》」』】〕・ー々ゝゞヽヾ"
      U"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
      U"\u3099\u309A\uFF9E\uFF9F";
  return kForbidden.find(point) != std::u32string_view::npos;
}

// The lines as ranges; empty when a line cannot be broken to the width.
std::optional<std::vector<FittedLine>> break_lines(const GlyphText& text, std::int64_t width_max,
                                                   std::size_t lines_max) {
  std::vector<FittedLine> lines;
  const std::size_t count = text.glyphs.size();
  for (std::size_t first = 0; first < count;) {
    if (lines.size() == lines_max) return std::nullopt;
    std::int64_t width = 0;
    std::size_t best = first;
    for (; best < count; ++best) {
      width += text.glyphs[best].advance;
      // A space that ends a line hangs over the edge.
      if (width > width_max && !is_space(text.sequences[best].base)) break;
    }
    while (best < count && best > first && !may_break_after(text.sequences, best - 1)) --best;
    if (best == first) return std::nullopt;
    lines.push_back({first, best, 0, 0});
    first = best;
  }
  return lines;
}

std::size_t lines_that_fit(const CellBox& box, HalfPoints size) {
  const Micrometres room = box.bottom - box.top - kHeightReserve;
  std::size_t lines = 0;
  while (ems(1000 + kLinePitchThousandths * static_cast<std::int64_t>(lines), size) <= room) {
    ++lines;
  }
  return lines;
}

// Widest line in thousandths of an em that is not wider than the cell's room.
std::int64_t width_max_of(const CellBox& box, HalfPoints size) {
  const Micrometres room = box.right - box.left - 2 * box.padding;
  return room * 720 / (size * 127);
}

// Trailing spaces do not count where a line is centred or stands right.
Micrometres line_left(const FittedText& fitted, const FittedLine& line, const CellBox& box) {
  std::size_t last = line.last;
  while (last > line.first && is_space(fitted.text.sequences[last - 1].base)) --last;
  const auto width = ems(width_of(fitted.text, line.first, last), fitted.size);
  switch (box.align) {
    case Align::kLeft:
      return box.left + box.padding;
    case Align::kCentre:
      return (box.left + box.right - width) / 2;
    case Align::kRight:
      return box.right - box.padding - width;
  }
  return box.left;
}

void place_lines(FittedText& fitted, const CellBox& box) {
  const auto count = static_cast<std::int64_t>(fitted.lines.size());
  for (std::int64_t i = 0; i < count; ++i) {
    auto& line = fitted.lines[static_cast<std::size_t>(i)];
    // Twice the distance from the block's middle, to stay in whole numbers.
    const std::int64_t twice = 2 * i - (count - 1);
    line.baseline = (box.top + box.bottom) / 2 +
                    ems(kLinePitchThousandths * twice / 2 + kBaselineThousandths, fitted.size);
    line.x = line_left(fitted, line, box);
  }
}

}  // namespace

bool may_break_after(const std::vector<Sequence>& text, std::size_t index) {
  if (index + 1 >= text.size()) return true;
  const char32_t here = text[index].base;
  const char32_t next = text[index + 1].base;
  if (is_space(next)) return false;  // it hangs on this line
  if (is_space(here)) return true;
  if (is_forbidden_at_head(next)) return false;
  return !(is_word_character(here) && is_word_character(next));
}

std::int64_t width_of(const GlyphText& text, std::size_t first, std::size_t last) {
  std::int64_t width = 0;
  for (std::size_t i = first; i < last; ++i) width += text.glyphs.at(i).advance;
  return width;
}

bool fits_on_one_line(std::int64_t width, const CellBox& box) {
  return width <= width_max_of(box, box.size) && lines_that_fit(box, box.size) >= 1;
}

Result<FittedText> fit_text(const FontList& fonts, std::string_view text, const CellBox& box,
                            std::string_view where) {
  FittedText fitted;
  CERTRELAY_TRY(fitted.text, to_glyphs(fonts, text, where));
  fitted.size = box.size;
  if (fitted.text.glyphs.empty()) return fitted;
  for (; fitted.size >= kSmallestSize; --fitted.size) {
    auto lines =
        break_lines(fitted.text, width_max_of(box, fitted.size), lines_that_fit(box, fitted.size));
    if (!lines) continue;
    fitted.lines = std::move(*lines);
    place_lines(fitted, box);
    return fitted;
  }
  return Error{ErrorCode::kTextTooLong, where};
}

}  // namespace certrelay
