#include "render/readback/outlines.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"
#include "protocol/base/utf8.hpp"
#include "render/readback/font_tables.hpp"

namespace certrelay {
namespace {

constexpr Error kBadCache{ErrorCode::kFontCacheInvalid, "readback: glyph cache"};
constexpr std::size_t kHeadBytes = 8 + 32 + 64 + 14;  // magic, font's digest, name, metrics
constexpr std::size_t kNameAt = 8 + 32;
constexpr std::size_t kUnitsPerEmAt = 8 + 32 + 64;
constexpr std::size_t kSequenceBytes = 12;
constexpr std::size_t kGlyphBytes = 28;
constexpr std::size_t kBucket = 256;
constexpr std::size_t kBuckets = 0x110000 / kBucket;
constexpr std::size_t kTailBytes = 6;  // the final empty block, and the Adler-32

Error differs(std::string_view where) { return {ErrorCode::kReadbackMismatch, where}; }

using Pair = std::pair<char32_t, char32_t>;  // a character, and its selector or mark or 0

Pair pair_in(ByteView row) { return {be32_at(row, 0), be32_at(row, 4)}; }

// For each base / 256 its first row, and the end: a short search instead of a long one.
Result<std::vector<std::uint32_t>> first_rows(ByteView sequences) {
  const auto rows = static_cast<std::uint32_t>(sequences.size() / kSequenceBytes);
  std::vector<std::uint32_t> first;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::size_t bucket = be32_at(sequences, row * kSequenceBytes) / kBucket;
    if (bucket >= kBuckets || bucket + 1 < first.size()) return kBadCache;  // they ascend
    first.resize(bucket + 1, row);
  }
  first.resize(kBuckets + 1, rows);
  return first;
}

}  // namespace

Result<Outlines> Outlines::open(std::span<const ByteView> glyph_caches) {
  Outlines out;
  for (const auto bytes : glyph_caches) {
    CERTRELAY_TRY(auto cache, open_one(bytes));
    out.caches_.push_back(std::move(cache));
  }
  return out;
}

Result<Outlines::Cache> Outlines::open_one(ByteView bytes) {
  ByteReader in(bytes);
  CERTRELAY_TRY(const auto head, in.raw(kHeadBytes));
  CERTRELAY_TRY(const auto reserved, in.u16());
  CERTRELAY_TRY(const auto sequences, in.u32());
  CERTRELAY_TRY(const auto glyphs, in.u32());
  CERTRELAY_TRY(const auto fragment_bytes, in.u32());
  Cache out{};
  CERTRELAY_TRY(out.sequences, in.raw(std::size_t{sequences} * kSequenceBytes));
  CERTRELAY_TRY(out.glyphs, in.raw(std::size_t{glyphs} * kGlyphBytes));
  CERTRELAY_TRY(out.fragments, in.raw(fragment_bytes));
  if (!as_text(head).starts_with("CRGLYPH2") || reserved != 0) return kBadCache;
  const auto name = as_text(head).substr(kNameAt, kUnitsPerEmAt - kNameAt);
  out.name = name.substr(0, name.find('\0'));
  out.units_per_em = be16_at(head, kUnitsPerEmAt);
  CERTRELAY_TRY(out.first, first_rows(out.sequences));
  return out;
}

Result<Outlines::Glyph> Outlines::glyph_of(const Cache& cache, std::string_view text) {
  CERTRELAY_TRY(const auto points, decode_utf8(text));
  if (points.empty() || points.size() > 2) return differs("readback: a code without text");
  const Pair wanted(points[0], points.size() == 2 ? points[1] : U'\0');
  std::size_t low = cache.first[wanted.first / kBucket];
  std::size_t high = cache.first[wanted.first / kBucket + 1];
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto row = cache.sequences.subspan(middle * kSequenceBytes, kSequenceBytes);
    if (pair_in(row) < wanted) {
      low = middle + 1;
    } else if (wanted < pair_in(row)) {
      high = middle;
    } else {
      const auto at = be32_at(row, 8) * kGlyphBytes;
      if (at >= cache.glyphs.size()) return differs("readback: glyph cache");
      const auto glyph = cache.glyphs.subspan(at, kGlyphBytes);
      const std::size_t offset = be32_at(glyph, 0), length = be32_at(glyph, 4);
      if (offset > cache.fragments.size() || length > cache.fragments.size() - offset) {
        return differs("readback: glyph cache");
      }
      return Glyph{cache.fragments.subspan(offset, length), be32_at(glyph, 8),
                   glyph.subspan(20, 4)};
    }
  }
  return differs("readback: a character that the pinned font does not have");
}

Result<void> Outlines::check_against(const Cache& cache, ByteView zlib, const UnicodeMap& texts) {
  if (texts.empty()) return differs("readback: a font without text");
  CERTRELAY_TRY(const auto tables, FontTables::of(zlib, texts.size()));
  if (tables.units_per_em() != cache.units_per_em) return differs("readback: units of the em");
  auto rest = zlib.subspan(tables.end_in_stream());
  std::uint32_t glyf_bytes = 0;  // where the code's glyph begins
  for (std::size_t code = 1; code < texts.size(); ++code) {
    CERTRELAY_TRY(const auto glyph, glyph_of(cache, texts[code]));
    const auto size = glyph.fragment.size();
    if (rest.size() < size || !std::ranges::equal(rest.first(size), glyph.fragment) ||
        !std::ranges::equal(tables.metrics(code), glyph.metrics) ||
        tables.location(code) != glyf_bytes) {
      return differs("readback: the glyph of another character");
    }
    rest = rest.subspan(size);
    glyf_bytes += glyph.raw_length;
  }
  if (tables.location(texts.size()) != glyf_bytes || !tables.glyphs_follow(glyf_bytes) ||
      rest.size() != kTailBytes || rest[0] != 0x03 || rest[1] != 0x00) {
    return differs("readback: the end of the glyphs");
  }
  return ok();
}

Result<void> Outlines::check(const EmbeddedFont& font, const UnicodeMap& texts) const {
  constexpr std::size_t kTag = 7;  // six capital letters and '+' (ISO 32000-1, 9.6.4)
  if (font.base_font.size() <= kTag || font.base_font[kTag - 1] != '+') {
    return differs("readback: a font without a subset's name");
  }
  Result<void> last = differs("readback: a font that is not pinned");
  for (const auto& cache : caches_) {  // two fonts may have one name: either will do
    if (cache.name != font.base_font.substr(kTag)) continue;
    last = check_against(cache, font.zlib, texts);
    if (last) break;
  }
  return last;
}

}  // namespace certrelay
