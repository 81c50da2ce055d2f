// Internal to render/readback: the tables before glyf of an embedded font, a stored block at the
// beginning of its stream (render/font/FORMAT.md; OpenType 1.9 head, hhea, hmtx, loca, maxp).
#pragma once

#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Precondition: within the bytes. Big-endian.
inline std::uint16_t be16_at(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline std::uint32_t be32_at(ByteView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(be16_at(bytes, at)) << 16 | be16_at(bytes, at + 2);
}

// Views the stream.
class FontTables {
 public:
  // `glyphs`: how many the font must have, the empty one at code 0 included; 1 or more.
  // Errors: kReadbackMismatch.
  static Result<FontTables> of(ByteView zlib, std::size_t glyphs);

  std::uint16_t units_per_em() const { return be16_at(head_, 18); }
  // A glyph's advance and left bearing. Precondition: below the number of glyphs.
  ByteView metrics(std::size_t code) const { return hmtx_.subspan(code * 4, 4); }
  // Where it begins within glyf. Precondition: at most the number of glyphs, whose place is the
  // end.
  std::uint32_t location(std::size_t code) const { return be32_at(loca_, code * 4); }
  // Whether glyf has that size and begins where these tables end.
  bool glyphs_follow(std::size_t size) const;
  // Where the fragments begin.
  std::size_t end_in_stream() const { return end_in_stream_; }

 private:
  FontTables() = default;
  Result<std::size_t> place(std::string_view tag, std::size_t size) const;
  Result<ByteView> table(std::string_view tag, std::size_t size) const;

  ByteView bytes_, head_, hmtx_, loca_;
  std::size_t end_in_stream_ = 0;
};

}  // namespace certrelay
