#include "protocol/base/utf8.hpp"
#include "render/readback/content_reader.hpp"

namespace certrelay {
namespace {

constexpr Error kBadUnicodeMap{ErrorCode::kPdfUnreadable, "readback: ToUnicode"};
constexpr std::size_t kCodesMax = 8000;

// UTF-16BE, well formed (Unicode 15, D91), one to two scalar values.
Result<std::string> utf16_text(const PdfString& bytes) {
  if (bytes.size() == 0 || bytes.size() % 2 != 0 || bytes.size() > 8) return kBadUnicodeMap;
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    char32_t unit = static_cast<char32_t>(bytes.pair_at(i));
    if (unit >= 0xD800 && unit < 0xDC00) {
      if (i + 4 > bytes.size()) return kBadUnicodeMap;
      const char32_t low = static_cast<char32_t>(bytes.pair_at(i + 2));
      if (low < 0xDC00 || low > 0xDFFF) return kBadUnicodeMap;
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
      return kBadUnicodeMap;
    }
    append_utf8(out, unit);
  }
  return out;
}

Result<void> read_bfchar(PdfLexer& lexer, UnicodeMap& map) {
  CERTRELAY_TRY(const auto code, lexer.string());
  CERTRELAY_TRY(const auto text, lexer.string());
  if (code.size() != 2) return kBadUnicodeMap;
  const auto number = code.pair_at(0);
  if (number == 0 || number > kCodesMax) return kBadUnicodeMap;
  if (map.size() <= number) map.resize(number + 1);
  if (!map[number].empty()) return kBadUnicodeMap;  // one code, one text
  CERTRELAY_TRY(map[number], utf16_text(text));
  return ok();
}

}  // namespace

Result<UnicodeMap> read_unicode_map(ByteView cmap) {
  constexpr std::string_view kBegin = "beginbfchar";
  UnicodeMap map;
  map.reserve(512);
  const auto text = as_text(cmap);
  if (text.find("bfrange") != std::string_view::npos) return kBadUnicodeMap;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at)) {
    at += kBegin.size();
    PdfLexer lexer(cmap, at);
    while (lexer.peek() == '<') {
      CERTRELAY_TRY(read_bfchar(lexer, map));
    }
    if (!lexer.accept("endbfchar")) return kBadUnicodeMap;
    at = lexer.position();
  }
  return map;
}

}  // namespace certrelay
