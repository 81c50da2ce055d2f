#include "render/font/glyph_cache.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "render/font/cache_format.hpp"

namespace certrelay {
namespace {

constexpr Error kInvalid{ErrorCode::kFontCacheInvalid, "glyph cache"};
constexpr unsigned kBlockBits = 8;
constexpr std::size_t kBlocks = (0x10FFFFU >> kBlockBits) + 1;

std::uint32_t u32_at(ByteView bytes, std::size_t at) {
  const auto* four = bytes.subspan(at, 4).data();  // looked at once, not at each of the four
  return static_cast<std::uint32_t>(four[0]) << 24 | static_cast<std::uint32_t>(four[1]) << 16 |
         static_cast<std::uint32_t>(four[2]) << 8 | four[3];
}

// Base and selector as one number, in the order of the table.
std::uint64_t key_at(ByteView sequences, std::size_t index) {
  const auto row = sequences.subspan(index * kCacheSequenceBytes, kCacheSequenceBytes);
  return std::uint64_t{u32_at(row, 0)} << 32U | u32_at(row, 4);
}

std::uint16_t u16_at(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

Result<std::int16_t> i16(ByteReader& reader) {
  CERTRELAY_TRY(const auto value, reader.u16());
  return static_cast<std::int16_t>(value);
}

Result<FontMetrics> read_metrics(ByteReader& reader) {
  FontMetrics m{};
  CERTRELAY_TRY(m.units_per_em, reader.u16());
  CERTRELAY_TRY(m.ascent, i16(reader));
  CERTRELAY_TRY(m.descent, i16(reader));
  CERTRELAY_TRY(m.x_min, i16(reader));
  CERTRELAY_TRY(m.y_min, i16(reader));
  CERTRELAY_TRY(m.x_max, i16(reader));
  CERTRELAY_TRY(m.y_max, i16(reader));
  // The range that OpenType allows for head.unitsPerEm.
  if (m.units_per_em < 16 || m.units_per_em > 16384) return kInvalid;
  return m;
}

// Every row points inside the tables after it, so that the readers below need no check.
bool rows_are_sound(ByteView sequences, ByteView glyphs, ByteView fragments) {
  const auto glyph_count = glyphs.size() / kCacheGlyphBytes;
  for (std::size_t at = 0; at < sequences.size(); at += kCacheSequenceBytes) {
    if (u32_at(sequences, at + 8) >= glyph_count) return false;
  }
  for (std::size_t at = 0; at < glyphs.size(); at += kCacheGlyphBytes) {
    const std::size_t offset = u32_at(glyphs, at);
    const std::size_t length = u32_at(glyphs, at + 4);
    if (offset > fragments.size() || length > fragments.size() - offset) return false;
    if (u32_at(glyphs, at + 8) % 4 != 0) return false;
  }
  return true;
}

}  // namespace

Result<GlyphCache> GlyphCache::open(ByteView file, const Digest& font) {
  if (file.size() < kCacheHeaderBytes + kCacheDigestBytes) return kInvalid;
  const auto body = file.first(file.size() - kCacheDigestBytes);
  const Digest digest = sha256(body);
  if (!std::ranges::equal(digest, file.last(kCacheDigestBytes))) return kInvalid;
  ByteReader reader(body);
  CERTRELAY_TRY(const auto magic, reader.raw(kGlyphCacheMagic.size()));
  CERTRELAY_TRY(const auto owner, reader.raw(font.size()));
  if (as_text(magic) != kGlyphCacheMagic) return kInvalid;
  if (!std::ranges::equal(owner, font)) {
    return Error{ErrorCode::kFontCacheInvalid, "glyph cache: of another font than the pinned one"};
  }
  GlyphCache cache;
  CERTRELAY_TRY(const auto name, reader.raw(kCacheNameBytes));
  cache.name_ = as_text(name);
  cache.name_ = cache.name_.substr(0, cache.name_.find('\0'));
  CERTRELAY_TRY(cache.metrics_, read_metrics(reader));
  CERTRELAY_TRY(const auto reserved, reader.u16());
  CERTRELAY_TRY(cache.sequence_count_, reader.u32());
  CERTRELAY_TRY(cache.glyph_count_, reader.u32());
  CERTRELAY_TRY(const auto fragment_bytes, reader.u32());
  CERTRELAY_TRY(cache.sequences_, reader.raw(cache.sequence_count_ * kCacheSequenceBytes));
  CERTRELAY_TRY(cache.glyphs_, reader.raw(cache.glyph_count_ * kCacheGlyphBytes));
  CERTRELAY_TRY(cache.fragments_, reader.raw(fragment_bytes));
  if (reserved != 0 || !reader.at_end()) return kInvalid;
  if (!rows_are_sound(cache.sequences_, cache.glyphs_, cache.fragments_)) return kInvalid;
  cache.index_blocks();
  return cache;
}

void GlyphCache::index_blocks() {
  blocks_.reserve(kBlocks + 1);
  for (SequenceIndex row = 0; row < sequence_count_; ++row) {
    const std::size_t block = u32_at(sequences_, row * kCacheSequenceBytes) >> kBlockBits;
    while (blocks_.size() <= std::min(block, kBlocks)) blocks_.push_back(row);
  }
  blocks_.resize(kBlocks + 1, sequence_count_);
}

std::optional<SequenceIndex> GlyphCache::find(char32_t base, char32_t selector) const {
  const std::size_t block = base >> kBlockBits;
  if (block >= kBlocks) return std::nullopt;
  SequenceIndex low = blocks_[block];
  SequenceIndex high = blocks_[block + 1];
  const SequenceIndex end = high;
  const auto wanted = std::uint64_t{base} << 32U | selector;
  while (low < high) {
    const SequenceIndex middle = low + (high - low) / 2;
    if (key_at(sequences_, middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == end || key_at(sequences_, low) != wanted) return std::nullopt;
  return low;
}

std::pair<char32_t, char32_t> GlyphCache::sequence(SequenceIndex index) const {
  CERTRELAY_CHECK(index < sequence_count_);
  const std::size_t at = index * kCacheSequenceBytes;
  return {u32_at(sequences_, at), u32_at(sequences_, at + 4)};
}

ByteView GlyphCache::glyph_row(SequenceIndex index) const {
  CERTRELAY_CHECK(index < sequence_count_);
  const std::size_t glyph = u32_at(sequences_, index * kCacheSequenceBytes + 8);
  return glyphs_.subspan(glyph * kCacheGlyphBytes, kCacheGlyphBytes);
}

GlyphRecord GlyphCache::glyph(SequenceIndex index) const {
  const auto row = glyph_row(index);
  return {.fragment = fragments_.subspan(u32_at(row, 0), u32_at(row, 4)),
          .raw_length = u32_at(row, 8),
          .adler32 = u32_at(row, 12),
          .word_sum = u32_at(row, 16),
          .advance = u16_at(row, 20),
          .left_bearing = static_cast<std::int16_t>(u16_at(row, 22)),
          .point_count = u16_at(row, 24),
          .contour_count = u16_at(row, 26)};
}

std::uint16_t GlyphCache::advance(SequenceIndex index) const {
  return u16_at(glyph_row(index), 20);
}

}  // namespace certrelay
