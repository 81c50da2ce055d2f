#include "render/font/sfnt.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kTableCount = 6;
constexpr std::size_t kDirectoryBytes = 12 + 16 * kTableCount;

std::uint32_t checksum(ByteView table) {
  CERTRELAY_CHECK(table.size() % 4 == 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < table.size(); i += 4) {
    sum += static_cast<std::uint32_t>(table[i]) << 24 |
           static_cast<std::uint32_t>(table[i + 1]) << 16 |
           static_cast<std::uint32_t>(table[i + 2]) << 8 | table[i + 3];
  }
  return sum;
}

void put_i16(ByteWriter& out, std::int16_t value) { out.u16(static_cast<std::uint16_t>(value)); }

Bytes head_table(const FontMetrics& m, std::uint32_t adjustment) {
  ByteWriter out;
  out.u32(0x00010000);  // version
  out.u32(0x00010000);  // fontRevision
  out.u32(adjustment);
  out.u32(0x5F0F3CF5);  // magic
  out.u16(0x0003);      // baseline at y = 0, left bearing at x = 0
  out.u16(m.units_per_em);
  out.u64(0);  // created, modified: no dates, equal input gives equal bytes
  out.u64(0);
  put_i16(out, m.x_min);
  put_i16(out, m.y_min);
  put_i16(out, m.x_max);
  put_i16(out, m.y_max);
  out.u16(0);  // macStyle
  out.u16(8);  // lowestRecPPEM
  out.u16(2);  // fontDirectionHint
  out.u16(1);  // indexToLocFormat: long
  out.u16(0);  // glyphDataFormat
  out.u16(0);  // pad
  return std::move(out).take();
}

Bytes hhea_table(const FontMetrics& m, std::span<const GlyphRecord> glyphs) {
  std::uint16_t widest = m.units_per_em;
  for (const auto& glyph : glyphs) widest = std::max(widest, glyph.advance);
  ByteWriter out;
  out.u32(0x00010000);
  put_i16(out, m.ascent);
  put_i16(out, m.descent);
  out.u16(0);  // lineGap
  out.u16(widest);
  put_i16(out, m.x_min);  // minLeftSideBearing
  out.u16(0);             // minRightSideBearing
  put_i16(out, m.x_max);  // xMaxExtent
  out.u16(1);             // caret: vertical
  for (int i = 0; i < 7; ++i) out.u16(0);
  out.u16(static_cast<std::uint16_t>(glyphs.size() + 1));
  return std::move(out).take();
}

Bytes maxp_table(std::span<const GlyphRecord> glyphs) {
  std::uint16_t points = 0;
  std::uint16_t contours = 0;
  for (const auto& glyph : glyphs) {
    points = std::max(points, glyph.point_count);
    contours = std::max(contours, glyph.contour_count);
  }
  ByteWriter out;
  out.u32(0x00010000);
  out.u16(static_cast<std::uint16_t>(glyphs.size() + 1));
  out.u16(points);
  out.u16(contours);
  out.u16(0);  // maxCompositePoints
  out.u16(0);  // maxCompositeContours
  out.u16(2);  // maxZones
  for (int i = 0; i < 8; ++i) out.u16(0);
  return std::move(out).take();
}

Bytes hmtx_table(const FontMetrics& m, std::span<const GlyphRecord> glyphs) {
  ByteWriter out;
  out.u16(m.units_per_em);
  out.u16(0);
  for (const auto& glyph : glyphs) {
    out.u16(glyph.advance);
    put_i16(out, glyph.left_bearing);
  }
  return std::move(out).take();
}

Bytes loca_table(std::span<const GlyphRecord> glyphs) {
  ByteWriter out;
  std::uint32_t offset = 0;
  out.u32(0);
  out.u32(0);  // glyph 0 is empty
  for (const auto& glyph : glyphs) {
    offset += glyph.raw_length;
    out.u32(offset);
  }
  return std::move(out).take();
}

struct Table {
  std::string_view tag;
  Bytes bytes;
};

}  // namespace

Bytes sfnt_before_glyf(const FontMetrics& metrics, std::span<const GlyphRecord> glyphs) {
  std::uint32_t glyf_sum = 0;
  std::uint32_t glyf_bytes = 0;
  for (const auto& glyph : glyphs) {
    glyf_sum += glyph.word_sum;
    glyf_bytes += glyph.raw_length;
  }
  std::array<Table, kTableCount - 1> tables{{{"head", head_table(metrics, 0)},
                                             {"hhea", hhea_table(metrics, glyphs)},
                                             {"hmtx", hmtx_table(metrics, glyphs)},
                                             {"loca", loca_table(glyphs)},
                                             {"maxp", maxp_table(glyphs)}}};
  std::size_t offset = kDirectoryBytes;
  for (const auto& table : tables) offset += table.bytes.size();
  ByteWriter directory;
  directory.u32(0x00010000);
  for (const int value : {6, 64, 2, 32}) directory.u16(static_cast<std::uint16_t>(value));
  const auto entry = [&directory](std::string_view tag, std::uint32_t sum, std::size_t at,
                                  std::size_t size) {
    directory.raw(tag);
    directory.u32(sum);
    directory.u32(static_cast<std::uint32_t>(at));
    directory.u32(static_cast<std::uint32_t>(size));
  };
  entry("glyf", glyf_sum, offset, glyf_bytes);
  std::uint32_t file_sum = glyf_sum;
  offset = kDirectoryBytes;
  for (const auto& table : tables) {
    const auto sum = checksum(table.bytes);
    // head's length excludes its two bytes of padding
    entry(table.tag, sum, offset, table.tag == "head" ? 54 : table.bytes.size());
    offset += table.bytes.size();
    file_sum += sum;
  }
  file_sum += checksum(directory.view());
  tables[0].bytes = head_table(metrics, 0xB1B0AFBAU - file_sum);
  for (const auto& table : tables) directory.raw(table.bytes);
  return std::move(directory).take();
}

}  // namespace certrelay
