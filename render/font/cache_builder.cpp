#include "render/font/cache_builder.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb.h>
#include <zlib.h>

#include <map>
#include <memory>

#include "protocol/base/codec.hpp"
#include "protocol/base/sha256.hpp"
#include "render/font/cache_format.hpp"
#include "render/font/outline.hpp"
#include "render/font/points.hpp"

namespace certrelay {
namespace {

constexpr Error kUnsupportedFont{ErrorCode::kFontUnsupported,
                                 "font: not a TrueType font we can cut"};
constexpr Error kLibrary{ErrorCode::kInternal, "font: library"};

template <auto kFree>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <class T, auto kFree>
using Handle = std::unique_ptr<T, FreeBy<kFree>>;
using HbFace = Handle<hb_face_t, hb_face_destroy>;
using HbFont = Handle<hb_font_t, hb_font_destroy>;
using HbSet = Handle<hb_set_t, hb_set_destroy>;
using FtLibrary = Handle<FT_LibraryRec_, FT_Done_FreeType>;
using FtFace = Handle<FT_FaceRec_, FT_Done_Face>;

// (base, selector) -> the font's glyph id, in the order of the cache.
using Sequences = std::map<std::pair<char32_t, char32_t>, hb_codepoint_t>;

// Prints nothing by itself: a mark belongs to the character before it, a control to nobody. Alone
// it has no sequence, so that a text with one is refused rather than printed beside its base.
bool stands_alone(char32_t point) {
  switch (hb_unicode_general_category(hb_unicode_funcs_get_default(), point)) {
    case HB_UNICODE_GENERAL_CATEGORY_CONTROL:
    case HB_UNICODE_GENERAL_CATEGORY_FORMAT:
    case HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_LINE_SEPARATOR:
    case HB_UNICODE_GENERAL_CATEGORY_PARAGRAPH_SEPARATOR:
      return false;
    default:
      return true;
  }
}

// か and U+3099 are が by Unicode's canonical equivalence (UAX 15), one character in two spellings:
// the pair has the composed one's glyph, and the page's text keeps the spelling that was given.
void collect_composed(Sequences& out) {
  Sequences pairs;
  for (const auto& [sequence, glyph] : out) {
    hb_codepoint_t base = 0;
    hb_codepoint_t mark = 0;
    const bool composed =
        hb_unicode_decompose(hb_unicode_funcs_get_default(), sequence.first, &base, &mark) != 0;
    if (composed && mark != 0 && is_combining_mark(mark)) pairs[{base, mark}] = glyph;
  }
  out.merge(pairs);
}

void collect_plain(hb_face_t* face, hb_font_t* font, Sequences& out) {
  const HbSet points(hb_set_create());
  hb_face_collect_unicodes(face, points.get());
  for (hb_codepoint_t point = HB_SET_VALUE_INVALID; hb_set_next(points.get(), &point);) {
    hb_codepoint_t glyph = 0;
    const bool found = hb_font_get_nominal_glyph(font, point, &glyph) != 0 && glyph != 0;
    if (found && stands_alone(point)) out[{point, 0}] = glyph;
  }
}

void collect_variations(hb_face_t* face, hb_font_t* font, Sequences& out) {
  const HbSet selectors(hb_set_create());
  hb_face_collect_variation_selectors(face, selectors.get());
  for (hb_codepoint_t selector = HB_SET_VALUE_INVALID; hb_set_next(selectors.get(), &selector);) {
    const HbSet bases(hb_set_create());
    hb_face_collect_variation_unicodes(face, selector, bases.get());
    for (hb_codepoint_t base = HB_SET_VALUE_INVALID; hb_set_next(bases.get(), &base);) {
      hb_codepoint_t glyph = 0;
      if (hb_font_get_variation_glyph(font, base, selector, &glyph) != 0 && glyph != 0) {
        out[{base, selector}] = glyph;
      }
    }
  }
}

Sequences collect_sequences(ByteView font) {
  Handle<hb_blob_t, hb_blob_destroy> blob(
      hb_blob_create(as_text(font).data(), static_cast<unsigned>(font.size()),
                     HB_MEMORY_MODE_READONLY, nullptr, nullptr));
  const HbFace face(hb_face_create(blob.get(), 0));
  const HbFont hb_font(hb_font_create(face.get()));
  Sequences out;
  collect_plain(face.get(), hb_font.get(), out);
  collect_composed(out);
  collect_variations(face.get(), hb_font.get(), out);
  return out;
}

// Raw deflate that ends on a sync flush: fragments concatenate and none refers to another.
Result<Bytes> deflate_fragment(ByteView raw) {
  if (raw.empty()) return Bytes{};
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return kLibrary;
  }
  Bytes out(deflateBound(&stream, static_cast<uLong>(raw.size())) + 16);
  stream.next_in = const_cast<Bytef*>(raw.data());  // zlib reads only
  stream.avail_in = static_cast<uInt>(raw.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_SYNC_FLUSH);
  const bool whole = stream.avail_in == 0 && stream.avail_out > 0;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_OK || !whole) return kLibrary;
  return out;
}

std::uint32_t word_sum(ByteView raw) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < raw.size(); i += 4) {
    sum += static_cast<std::uint32_t>(raw[i]) << 24 | static_cast<std::uint32_t>(raw[i + 1]) << 16 |
           static_cast<std::uint32_t>(raw[i + 2]) << 8 | raw[i + 3];
  }
  return sum;
}

// One row of the glyph table; the fragment goes to `fragments`.
Result<void> put_glyph(FT_Face face, hb_codepoint_t glyph, ByteWriter& rows,
                       ByteWriter& fragments) {
  if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING) != 0)
    return kUnsupportedFont;
  const auto& slot = *face->glyph;
  if (slot.format != FT_GLYPH_FORMAT_OUTLINE) return kUnsupportedFont;
  CERTRELAY_TRY(const auto raw, encode_glyf(slot.outline));
  CERTRELAY_TRY(const auto fragment, deflate_fragment(raw));
  const auto advance = slot.metrics.horiAdvance;
  if (advance < 0 || advance > 0xFFFF) return kUnsupportedFont;
  rows.u32(static_cast<std::uint32_t>(fragments.size()));
  rows.u32(static_cast<std::uint32_t>(fragment.size()));
  rows.u32(static_cast<std::uint32_t>(raw.size()));
  rows.u32(static_cast<std::uint32_t>(
      adler32(adler32(0, nullptr, 0), raw.data(), static_cast<uInt>(raw.size()))));
  rows.u32(word_sum(raw));
  rows.u16(static_cast<std::uint16_t>(advance));
  // The record's own xMin: the bearing that makes a viewer draw the points where they are.
  rows.u16(raw.empty() ? 0 : static_cast<std::uint16_t>(raw[2] << 8 | raw[3]));
  rows.u16(static_cast<std::uint16_t>(slot.outline.n_points));
  rows.u16(static_cast<std::uint16_t>(slot.outline.n_contours));
  fragments.raw(fragment);
  return ok();
}

void put_header(ByteWriter& out, ByteView font, FT_Face face) {
  out.raw(kGlyphCacheMagic);
  out.raw(sha256(font));
  const char* name = FT_Get_Postscript_Name(face);
  std::string padded = name == nullptr ? "Unnamed" : name;
  padded.resize(kCacheNameBytes, '\0');
  padded.back() = '\0';
  out.raw(padded);
  out.u16(face->units_per_EM);
  for (const long value : {static_cast<long>(face->ascender), static_cast<long>(face->descender),
                           face->bbox.xMin, face->bbox.yMin, face->bbox.xMax, face->bbox.yMax}) {
    out.u16(static_cast<std::uint16_t>(value));
  }
  out.u16(0);
}

Result<Bytes> write_cache(ByteView font, FT_Face face, const Sequences& sequences) {
  ByteWriter sequence_rows;
  ByteWriter glyph_rows;
  ByteWriter fragments;
  std::map<hb_codepoint_t, std::uint32_t> row_of;
  for (const auto& [sequence, glyph] : sequences) {
    const auto [row, added] = row_of.try_emplace(glyph, static_cast<std::uint32_t>(row_of.size()));
    if (added) {
      CERTRELAY_TRY(put_glyph(face, glyph, glyph_rows, fragments));
    }
    sequence_rows.u32(sequence.first);
    sequence_rows.u32(sequence.second);
    sequence_rows.u32(row->second);
  }
  ByteWriter out;
  put_header(out, font, face);
  out.u32(static_cast<std::uint32_t>(sequences.size()));
  out.u32(static_cast<std::uint32_t>(row_of.size()));
  out.u32(static_cast<std::uint32_t>(fragments.size()));
  out.raw(sequence_rows.view());
  out.raw(glyph_rows.view());
  out.raw(fragments.view());
  out.raw(sha256(out.view()));
  return std::move(out).take();
}

}  // namespace

Result<Bytes> build_glyph_cache(ByteView font) {
  FT_Library raw_library = nullptr;
  if (FT_Init_FreeType(&raw_library) != 0) return kLibrary;
  const FtLibrary library(raw_library);
  FT_Face raw_face = nullptr;
  if (FT_New_Memory_Face(library.get(), font.data(), static_cast<FT_Long>(font.size()), 0,
                         &raw_face) != 0) {
    return kUnsupportedFont;
  }
  const FtFace face(raw_face);
  if (FT_IS_SCALABLE(face.get()) == 0) return kUnsupportedFont;
  const Sequences sequences = collect_sequences(font);
  if (sequences.empty()) return kUnsupportedFont;
  return write_cache(font, face.get(), sequences);
}

}  // namespace certrelay
