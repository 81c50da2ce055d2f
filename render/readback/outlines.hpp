// What each character of the pinned fonts looks like, read from their glyph caches by code of the
// reader's own: the text that a page states (ToUnicode) and the shapes that it draws are two
// things, and people read the shapes.
#pragma once

#include <span>

#include "render/readback/content_reader.hpp"

namespace certrelay {

// An embedded font as it lies in the file.
struct EmbeddedFont {
  std::string_view base_font;  // SUBSET+Name
  ByteView zlib;               // FontFile2
};

// Views the caches (render/font/FORMAT.md), which must outlive it. Immutable, thread-safe.
class Outlines {
 public:
  // Errors: kFontCacheInvalid.
  static Result<Outlines> open(std::span<const ByteView> glyph_caches);

  // That the embedded font draws under each code of `texts` the very glyph, with its width, that
  // the pinned font of that name has for the code's text; and that it holds nothing else. The
  // checksum at the stream's end is the viewer's to check. Errors: kReadbackMismatch.
  Result<void> check(const EmbeddedFont& font, const UnicodeMap& texts) const;

 private:
  struct Cache {
    std::string_view name;
    std::uint16_t units_per_em;
    ByteView sequences;  // rows of 12 bytes, ascending
    ByteView glyphs;     // rows of 28 bytes
    ByteView fragments;
    std::vector<std::uint32_t> first;  // of base / 256: its first row; one more at the end
  };
  struct Glyph {
    ByteView fragment;
    std::uint32_t raw_length;
    ByteView metrics;  // its row of hmtx
  };
  static Result<Cache> open_one(ByteView bytes);
  // Errors: kReadbackMismatch, there is none.
  static Result<Glyph> glyph_of(const Cache& cache, std::string_view text);
  static Result<void> check_against(const Cache& cache, ByteView zlib, const UnicodeMap& texts);

  std::vector<Cache> caches_;
};

}  // namespace certrelay
