#include "render/pdf/content.hpp"

#include <charconv>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

}  // namespace

void append_thousandths(std::string& out, std::int64_t value) {
  if (value < 0) {
    out += '-';
    value = -value;
  }
  append_number(out, value / 1000);
  std::int64_t fraction = value % 1000;
  if (fraction == 0) return;
  out += '.';
  for (std::int64_t unit = 100; fraction != 0; unit /= 10) {
    out += static_cast<char>('0' + fraction / unit);
    fraction %= unit;
  }
}

FontSet::FontSet(const FontList& fonts, char prefix) : prefix_(prefix) {
  for (std::size_t i = 0; i < fonts.size(); ++i) subsets_.emplace_back(fonts.font(i));
}

std::string FontSet::resource_name(std::size_t font) const {
  return std::string(1, prefix_) + std::to_string(font);
}

void ContentWriter::text(const FittedText& text) {
  for (const auto& line : text.lines) {
    glyphs(text.text, line.first, line.last, text.size, line.x, line.baseline);
  }
}

void ContentWriter::glyphs(const GlyphText& text, std::size_t first, std::size_t last,
                           HalfPoints size, Micrometres x, Micrometres baseline) {
  begin_text();
  set_spacing(0);
  show(text, first, last, size, x, baseline);
}

void ContentWriter::show(const GlyphText& text, std::size_t first, std::size_t last,
                         HalfPoints size, Micrometres x, Micrometres baseline) {
  CERTRELAY_CHECK(first < last && last <= text.glyphs.size());
  set_font(text.glyphs[first].font, size);
  out_ += "1 0 0 1 ";
  point(x, baseline);
  out_ += " Tm\n<";
  for (std::size_t i = first; i < last; ++i) {
    const auto& glyph = text.glyphs[i];
    if (glyph.font != font_) {
      out_ += "> Tj\n";
      set_font(glyph.font, size);
      out_ += '<';
    }
    hex_cid(glyph);
  }
  out_ += "> Tj\n";
}

void ContentWriter::spread_glyphs(const GlyphText& text, HalfPoints size, Micrometres x,
                                  Micrometres baseline, Micrometres gap) {
  begin_text();
  set_spacing(gap);
  show(text, 0, text.glyphs.size(), size, x, baseline);
}

void ContentWriter::set_spacing(Micrometres gap) {
  if (spacing_ == gap) return;
  spacing_ = gap;
  append_thousandths(out_, to_millipoints(gap));
  out_ += " Tc\n";
}

void ContentWriter::hex_cid(const GlyphRef& glyph) {
  const unsigned cid = fonts_->cid(glyph);
  for (int shift = 12; shift >= 0; shift -= 4) out_ += kHex[cid >> shift & 0xF];
}

void ContentWriter::line(Micrometres x0, Micrometres y0, Micrometres x1, Micrometres y1,
                         Micrometres width) {
  end_text();
  line_width(width);
  point(x0, y0);
  out_ += " m ";
  point(x1, y1);
  out_ += " l S\n";
}

void ContentWriter::rectangle(Micrometres left, Micrometres top, Micrometres right,
                              Micrometres bottom, Micrometres width) {
  end_text();
  line_width(width);
  point(left, bottom);
  out_ += ' ';
  append_thousandths(out_, to_millipoints(right - left));
  out_ += ' ';
  append_thousandths(out_, to_millipoints(bottom - top));
  out_ += " re S\n";
}

void ContentWriter::raw(std::string_view operators) {
  end_text();
  out_ += operators;
  out_ += '\n';
}

void ContentWriter::begin_text() {
  if (in_text_) return;
  out_ += "BT\n";
  in_text_ = true;
  size_ = 0;
}

void ContentWriter::end_text() {
  if (in_text_) out_ += "ET\n";
  in_text_ = false;
}

void ContentWriter::set_font(std::size_t font, HalfPoints size) {
  if (size_ == size && font_ == font) return;
  font_ = font;
  size_ = size;
  out_ += '/';
  out_ += fonts_->resource_name(font);
  out_ += ' ';
  append_thousandths(out_, size * 500);
  out_ += " Tf\n";
}

void ContentWriter::line_width(Micrometres width) {
  if (width_ == width) return;
  width_ = width;
  append_thousandths(out_, to_millipoints(width));
  out_ += " w\n";
}

void ContentWriter::point(Micrometres x, Micrometres y) {
  // Bounded here: nothing on a page lies far off it, and number formatting never sees more.
  CERTRELAY_CHECK(x > -kPageHeight && x < 2 * kPageHeight && y > -kPageHeight &&
                  y < 2 * kPageHeight);
  append_thousandths(out_, to_millipoints(x));
  out_ += ' ';
  append_thousandths(out_, to_millipoints(kPageHeight - y));
}

}  // namespace certrelay
