#include "render/readback/font_tables.hpp"

namespace certrelay {
namespace {

constexpr Error kDiffers{ErrorCode::kReadbackMismatch, "readback: tables of a font"};
constexpr std::size_t kBlockAt =
    2 + 5;  // zlib's head, and that of a stored block (RFC 1951 §3.2.4)
constexpr std::size_t kTables = 6;
constexpr std::size_t kDirectoryAt = 12;
constexpr std::size_t kDirectoryRow = 16;

std::size_t le16_at(ByteView bytes, std::size_t at) {
  return static_cast<std::size_t>(bytes[at]) | static_cast<std::size_t>(bytes[at + 1]) << 8;
}

}  // namespace

Result<FontTables> FontTables::of(ByteView zlib, std::size_t glyphs) {
  if (zlib.size() < kBlockAt || zlib[0] != 0x78 || zlib[1] != 0x01 || zlib[2] != 0x00) {
    return kDiffers;
  }
  const auto size = le16_at(zlib, 3);
  if ((size ^ 0xFFFF) != le16_at(zlib, 5) || size > zlib.size() - kBlockAt ||
      size < kDirectoryAt + kTables * kDirectoryRow) {
    return kDiffers;
  }
  FontTables out;
  out.bytes_ = zlib.subspan(kBlockAt, size);
  out.end_in_stream_ = kBlockAt + size;
  if (be32_at(out.bytes_, 0) != 0x00010000 || be16_at(out.bytes_, 4) != kTables) return kDiffers;
  CERTRELAY_TRY(out.head_, out.table("head", 54));
  CERTRELAY_TRY(out.hmtx_, out.table("hmtx", glyphs * 4));
  CERTRELAY_TRY(out.loca_, out.table("loca", (glyphs + 1) * 4));
  CERTRELAY_TRY(const auto hhea, out.table("hhea", 36));
  CERTRELAY_TRY(const auto maxp, out.table("maxp", 32));
  const bool counts = be16_at(hhea, 34) == glyphs && be16_at(maxp, 4) == glyphs;
  const bool long_places = be16_at(out.head_, 50) == 1;  // indexToLocFormat
  if (!counts || !long_places || out.location(0) != 0 || out.location(1) != 0) return kDiffers;
  return out;
}

bool FontTables::glyphs_follow(std::size_t size) const {
  const auto at = place("glyf", size);
  return at && at.value() == bytes_.size();
}

Result<std::size_t> FontTables::place(std::string_view tag, std::size_t size) const {
  for (std::size_t i = 0; i < kTables; ++i) {
    const auto row = kDirectoryAt + i * kDirectoryRow;
    if (as_text(bytes_.subspan(row, 4)) != tag) continue;
    if (be32_at(bytes_, row + 12) != size) break;
    return be32_at(bytes_, row + 8);
  }
  return kDiffers;
}

Result<ByteView> FontTables::table(std::string_view tag, std::size_t size) const {
  CERTRELAY_TRY(const auto at, place(tag, size));
  if (at > bytes_.size() || size > bytes_.size() - at) return kDiffers;
  return bytes_.subspan(at, size);
}

}  // namespace certrelay
