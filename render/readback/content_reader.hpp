#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocol/base/personal_text.hpp"
#include "render/readback/lexer.hpp"

namespace certrelay {

// What was printed at one place: the glyphs shown from one Tm to the next.
struct TextRun {
  std::int64_t x_um;  // of the first glyph's origin, from the page's left edge
  std::int64_t y_um;  // of its baseline, from the page's top edge
  bool turned;        // not upright: the large 見本
  PersonalText text;  // by the font's ToUnicode, sequence by sequence
};

// A font's ToUnicode: code -> UTF-8. Codes are dense from 1; an empty text means unmapped.
using UnicodeMap = std::vector<std::string>;
inline constexpr char kFormFontPrefix = 'F';
// By resource name: /F… print the form, /V… the values (render/FORMAT.md). Views the maps.
using FontMaps = std::map<std::string, const UnicodeMap*, std::less<>>;

// The operators that may stand in a stream; every other is kPdfUnreadable.
enum class StreamRole : std::uint8_t {
  kTags,    // marked-content points alone
  kForm,    // lines, text, colour
  kValues,  // upright text alone
};

struct ReadContent {
  std::vector<std::string> subject_tags;
  std::vector<TextRun> runs;
  std::size_t images = 0;  // the seal's, drawn so often
};

// Errors: kPdfUnreadable.
Result<ReadContent> read_content(ByteView operators, StreamRole role, const FontMaps& fonts);

// A ToUnicode CMap of bfchar blocks with two-byte codes. Errors: kPdfUnreadable.
Result<UnicodeMap> read_unicode_map(ByteView cmap);

}  // namespace certrelay
