// Pages that fill from the top: wrapped text and ruled rows. Within render/report.
#pragma once

#include "render/pdf/content.hpp"

namespace certrelay {

inline constexpr Micrometres kSheetLeft = 20'000;
inline constexpr Micrometres kSheetRight = 190'000;
inline constexpr Micrometres kSheetTop = 22'000;
inline constexpr Micrometres kSheetBottom = 274'000;
// Beside a cell's text, left and right; half of it above and below.
inline constexpr Micrometres kCellPadding = 1'200;

// A text broken into lines of at most some width: at the places where Japanese breaks, else
// anywhere.
struct WrappedText {
  GlyphText text;
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // glyphs [first, last)
};
// Errors: kGlyphMissing, kInvalidUtf8.
Result<WrappedText> wrap_text(const FontList& fonts, std::string_view text, Micrometres width,
                              HalfPoints size);
constexpr Micrometres line_pitch(HalfPoints size) { return ems(1450, size); }

class SheetWriter {
 public:
  // Both must outlive it.
  SheetWriter(const FontList& fonts, FontSet& set) : fonts_(&fonts), set_(&set) { new_page(); }

  Micrometres top() const { return top_; }
  bool has_room(Micrometres height) const { return top_ + height <= kSheetBottom; }
  void new_page();
  void skip(Micrometres height) { top_ += height; }

  // Lines of one text below each other, from top(); moves it. A new page when they do not fit.
  Result<void> paragraph(std::string_view text, Micrometres left, HalfPoints size);
  // One line on a page of its own choosing; top() stays.
  Result<void> at(std::size_t page, std::string_view text, Micrometres x, Micrometres baseline,
                  HalfPoints size);
  Result<void> centred(std::string_view text, HalfPoints size);  // moves top()

  struct Cell {
    WrappedText text;
    Micrometres left;
    Micrometres right;
    bool to_the_right = false;
  };
  // How high a row of these cells is.
  static Micrometres height_of(const std::vector<Cell>& cells, HalfPoints size);
  // A ruled row; the caller has made room. `shaded`: a heading.
  void row(const std::vector<Cell>& cells, HalfPoints size, bool shaded);

  ContentWriter& content() { return pages_.back(); }
  std::size_t pages() const { return pages_.size(); }
  const FontList& fonts() const { return *fonts_; }
  std::vector<std::string> take() &&;

 private:
  const FontList* fonts_;
  FontSet* set_;
  std::vector<ContentWriter> pages_;
  Micrometres top_ = kSheetTop;
};

}  // namespace certrelay
