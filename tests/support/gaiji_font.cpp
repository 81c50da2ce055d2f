#include "tests/support/gaiji_font.hpp"

#include <array>

#include "protocol/base/codec.hpp"

namespace certrelay::testing {
namespace {

constexpr std::uint16_t kEm = 1000, kLow = 100, kSide = 800;

Bytes u16s(std::initializer_list<int> values) {
  ByteWriter out;
  for (const int value : values) out.u16(static_cast<std::uint16_t>(value));
  return std::move(out).take();
}

// Format 12: the only one that reaches beyond the first 65,536 characters.
Bytes cmap(char32_t point) {
  ByteWriter out;
  out.raw(u16s({0, 1, 3, 10}));
  out.u32(12);  // where the subtable begins
  out.raw(u16s({12, 0}));
  for (const std::uint32_t value : {28U, 0U, 1U}) out.u32(value);  // length, language, groups
  out.u32(point);
  out.u32(point);
  out.u32(1);  // its glyph
  return std::move(out).take();
}

// Glyph 0 is empty; glyph 1 has one contour of four points on the curve.
Bytes glyf() {
  ByteWriter out;
  out.raw(u16s({1, kLow, 0, kLow + kSide, kSide, 3, 0}));
  for (int i = 0; i < 4; ++i) out.u8(1);
  out.raw(u16s({kLow, 0, kSide, 0}));
  out.raw(u16s({0, kSide, 0, -kSide}));
  out.raw(u16s({0}));
  return std::move(out).take();
}

Bytes head() {
  ByteWriter out;
  for (const std::uint32_t value : {0x00010000U, 0x00010000U, 0U, 0x5F0F3CF5U}) out.u32(value);
  out.raw(u16s({3, kEm}));
  out.u64(0);
  out.u64(0);
  out.raw(u16s({kLow, 0, kLow + kSide, kSide, 0, 8, 2, 1, 0, 0}));
  return std::move(out).take();
}

Bytes with_version(std::initializer_list<int> rest) {
  ByteWriter out;
  out.u32(0x00010000);
  out.raw(u16s(rest));
  return std::move(out).take();
}

}  // namespace

Bytes gaiji_font(char32_t point) {
  const Bytes outlines = glyf();
  ByteWriter loca;
  for (const std::size_t at : {std::size_t{0}, std::size_t{0}, outlines.size()}) {
    loca.u32(static_cast<std::uint32_t>(at));
  }
  const std::array<std::pair<std::string_view, Bytes>, 7> tables{{
      {"cmap", cmap(point)},
      {"glyf", outlines},
      {"head", head()},
      {"hhea",
       with_version({kSide, -200, 0, kEm, kLow, 0, kLow + kSide, 1, 0, 0, 0, 0, 0, 0, 0, 2})},
      {"hmtx", u16s({kEm, 0, kEm, kLow})},
      {"loca", std::move(loca).take()},
      {"maxp", with_version({2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0})},
  }};
  ByteWriter out;
  out.u32(0x00010000);
  out.raw(u16s({7, 64, 2, 48}));
  std::size_t at = 12 + 16 * tables.size();
  for (const auto& [tag, table] : tables) {
    out.raw(tag);
    out.u32(0);  // a checksum that no reader of ours looks at
    out.u32(static_cast<std::uint32_t>(at));
    out.u32(static_cast<std::uint32_t>(table.size()));
    at += table.size();
  }
  for (const auto& [tag, table] : tables) out.raw(table);
  return std::move(out).take();
}

}  // namespace certrelay::testing
