#include "render/report/sheet_writer.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr Micrometres kRule = 120;
constexpr std::int64_t kBaseline = 370;  // below a line's middle, thousandths of the em

Micrometres baseline_of(Micrometres line_top, HalfPoints size) {
  return line_top + line_pitch(size) / 2 + ems(kBaseline, size);
}

// The end of the line that begins at `first`: where it may break, or else where it is full.
std::size_t line_end(const GlyphText& text, std::size_t first, std::int64_t room) {
  std::int64_t width = 0;
  std::size_t last = first;
  std::size_t breakable = first;
  while (last < text.glyphs.size()) {
    width += text.glyphs[last].advance;
    if (width > room && last > first) break;
    ++last;
    if (may_break_after(text.sequences, last - 1)) breakable = last;
  }
  if (last == text.glyphs.size()) return last;
  return breakable > first ? breakable : last;
}

}  // namespace

Result<WrappedText> wrap_text(const FontList& fonts, std::string_view text, Micrometres width,
                              HalfPoints size) {
  WrappedText out;
  CERTRELAY_TRY(out.text, to_glyphs(fonts, text, "report"));
  const std::int64_t room = width * 720 / (size * 127);
  for (std::size_t first = 0; first < out.text.glyphs.size();) {
    const auto last = line_end(out.text, first, room);
    out.lines.emplace_back(first, last);
    first = last;
  }
  return out;
}

void SheetWriter::new_page() {
  pages_.emplace_back(*set_);
  top_ = kSheetTop;
}

Result<void> SheetWriter::paragraph(std::string_view text, Micrometres left, HalfPoints size) {
  CERTRELAY_TRY(const auto wrapped, wrap_text(*fonts_, text, kSheetRight - left, size));
  for (const auto& [first, last] : wrapped.lines) {
    if (!has_room(line_pitch(size))) new_page();
    content().glyphs(wrapped.text, first, last, size, left, baseline_of(top_, size));
    top_ += line_pitch(size);
  }
  return ok();
}

Result<void> SheetWriter::at(std::size_t page, std::string_view text, Micrometres x,
                             Micrometres baseline, HalfPoints size) {
  CERTRELAY_TRY(const auto glyphs, to_glyphs(*fonts_, text, "report"));
  pages_.at(page).glyphs(glyphs, 0, glyphs.glyphs.size(), size, x, baseline);
  return ok();
}

Result<void> SheetWriter::centred(std::string_view text, HalfPoints size) {
  CERTRELAY_TRY(const auto glyphs, to_glyphs(*fonts_, text, "report"));
  const auto width = ems(width_of(glyphs, 0, glyphs.glyphs.size()), size);
  content().glyphs(glyphs, 0, glyphs.glyphs.size(), size, (kPageWidth - width) / 2,
                   baseline_of(top_, size));
  top_ += line_pitch(size);
  return ok();
}

Micrometres SheetWriter::height_of(const std::vector<Cell>& cells, HalfPoints size) {
  std::size_t lines = 1;
  for (const auto& cell : cells) lines = std::max(lines, cell.text.lines.size());
  return static_cast<Micrometres>(lines) * line_pitch(size) + kCellPadding;
}

void SheetWriter::row(const std::vector<Cell>& cells, HalfPoints size, bool shaded) {
  const auto bottom = top_ + height_of(cells, size);
  if (shaded) {
    std::string field = "q 0.92 g ";
    for (const Micrometres value : {cells.front().left, kPageHeight - bottom,
                                    cells.back().right - cells.front().left, bottom - top_}) {
      append_thousandths(field, to_millipoints(value));
      field += ' ';
    }
    content().raw(field + "re f Q");
  }
  for (const auto& cell : cells) {
    content().rectangle(cell.left, top_, cell.right, bottom, kRule);
    auto line_top = top_ + kCellPadding / 2;
    for (const auto& [first, last] : cell.text.lines) {
      const auto width = ems(width_of(cell.text.text, first, last), size);
      const auto x =
          cell.to_the_right ? cell.right - kCellPadding - width : cell.left + kCellPadding;
      content().glyphs(cell.text.text, first, last, size, x, baseline_of(line_top, size));
      line_top += line_pitch(size);
    }
  }
  top_ = bottom;
}

std::vector<std::string> SheetWriter::take() && {
  std::vector<std::string> out;
  for (auto& page : pages_) out.push_back(std::move(page).take());
  return out;
}

}  // namespace certrelay
