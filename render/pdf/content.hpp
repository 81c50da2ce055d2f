// Content streams, written in whole numbers of 1/1000 pt.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "render/font/subset_font.hpp"
#include "render/text/fit.hpp"
#include "render/text/length.hpp"

namespace certrelay {

// The subset fonts that one set of content streams prints with: one for each pinned font, filled
// as characters come. Resource names are `prefix` and the font's number: /F0, /V0.
class FontSet {
 public:
  FontSet(const FontList& fonts, char prefix);
  std::uint16_t cid(const GlyphRef& glyph) { return subsets_[glyph.font].cid(glyph.sequence); }
  std::string resource_name(std::size_t font) const;
  const std::vector<SubsetFont>& subsets() const { return subsets_; }

 private:
  char prefix_;
  std::vector<SubsetFont> subsets_;
};

class ContentWriter {
 public:
  // `fonts` must outlive the writer.
  explicit ContentWriter(FontSet& fonts) : fonts_(&fonts) {}

  void text(const FittedText& text);
  // Glyphs [first, last) of a text at one place.
  void glyphs(const GlyphText& text, std::size_t first, std::size_t last, HalfPoints size,
              Micrometres x, Micrometres baseline);
  // As glyphs(), with `gap` more after each glyph but the last.
  void spread_glyphs(const GlyphText& text, HalfPoints size, Micrometres x, Micrometres baseline,
                     Micrometres gap);
  void line(Micrometres x0, Micrometres y0, Micrometres x1, Micrometres y1, Micrometres width);
  void rectangle(Micrometres left, Micrometres top, Micrometres right, Micrometres bottom,
                 Micrometres width);
  // PDF operators as they are, a line break after.
  void raw(std::string_view operators);

  std::string take() && {
    if (spacing_ != 0) {  // the next content stream begins without
      begin_text();
      set_spacing(0);
    }
    end_text();
    return std::move(out_);
  }

 private:
  void hex_cid(const GlyphRef& glyph);
  void show(const GlyphText& text, std::size_t first, std::size_t last, HalfPoints size,
            Micrometres x, Micrometres baseline);
  void set_spacing(Micrometres gap);
  void begin_text();
  void end_text();
  void set_font(std::size_t font, HalfPoints size);
  void line_width(Micrometres width);
  void point(Micrometres x, Micrometres y);

  FontSet* fonts_;
  std::string out_;
  bool in_text_ = false;
  std::size_t font_ = 0;
  HalfPoints size_ = 0;  // 0: none set since the text object began
  Micrometres width_ = -1;
  Micrometres spacing_ = 0;
};

// `value` thousandths as a decimal without trailing zeros: 1500 -> "1.5".
void append_thousandths(std::string& out, std::int64_t value);

}  // namespace certrelay
