#include "render/font/subset_font.hpp"

#include <zlib.h>

#include <algorithm>

#include "protocol/base/check.hpp"
#include "render/font/sfnt.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kBfcharsPerBlock = 100;  // ISO 32000-1, 9.10.3

void append_hex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789ABCDEF"[value >> shift & 0xF];
  }
}

void append_utf16_hex(std::string& out, char32_t point) {
  if (point < 0x10000) return append_hex(out, point, 4);
  append_hex(out, 0xD800 + ((point - 0x10000) >> 10), 4);
  append_hex(out, 0xDC00 + ((point - 0x10000) & 0x3FF), 4);
}

// A stored block (RFC 1951 §3.2.4) of at most 65,535 bytes, not the last one.
void append_stored_block(Bytes& out, ByteView raw) {
  CERTRELAY_CHECK(raw.size() <= 0xFFFF);
  const auto size = static_cast<std::uint16_t>(raw.size());
  const auto complement = static_cast<std::uint16_t>(~size);
  for (const int byte : {0, size & 0xFF, size >> 8, complement & 0xFF, complement >> 8}) {
    out.push_back(static_cast<std::uint8_t>(byte));
  }
  out.insert(out.end(), raw.begin(), raw.end());
}

}  // namespace

std::uint16_t SubsetFont::cid(SequenceIndex sequence) {
  const auto known =
      std::lower_bound(cids_.begin(), cids_.end(), sequence,
                       [](const Numbered& one, SequenceIndex at) { return one.sequence < at; });
  if (known != cids_.end() && known->sequence == sequence) return known->cid;
  used_.push_back(sequence);
  // The short tables, 8 bytes a glyph, must fit one stored block.
  CERTRELAY_CHECK(used_.size() < 8000);
  const auto cid = static_cast<std::uint16_t>(used_.size());
  cids_.insert(known, {sequence, cid});
  return cid;
}

SubsetFont::FontFile SubsetFont::font_file() const {
  std::vector<GlyphRecord> glyphs;
  glyphs.reserve(used_.size());
  std::size_t fragment_bytes = 0;
  std::size_t glyf_bytes = 0;
  for (const auto sequence : used_) {
    glyphs.push_back(cache_->glyph(sequence));
    fragment_bytes += glyphs.back().fragment.size();
    glyf_bytes += glyphs.back().raw_length;
  }
  const Bytes head = sfnt_before_glyf(cache_->metrics(), glyphs);
  FontFile file;
  file.raw_length = head.size() + glyf_bytes;
  file.zlib.reserve(head.size() + fragment_bytes + 32);
  file.zlib.push_back(0x78);  // RFC 1950: deflate, window 32 KiB
  file.zlib.push_back(0x01);
  append_stored_block(file.zlib, head);
  auto adler = adler32(adler32(0, nullptr, 0), head.data(), static_cast<uInt>(head.size()));
  for (const auto& glyph : glyphs) {
    file.zlib.insert(file.zlib.end(), glyph.fragment.begin(), glyph.fragment.end());
    if (glyph.raw_length > 0) adler = adler32_combine(adler, glyph.adler32, glyph.raw_length);
  }
  file.zlib.push_back(0x03);  // a final empty block with fixed codes
  file.zlib.push_back(0x00);
  for (int shift = 24; shift >= 0; shift -= 8) {
    file.zlib.push_back(static_cast<std::uint8_t>(adler >> shift));
  }
  return file;
}

std::string SubsetFont::widths() const {
  const unsigned em = cache_->metrics().units_per_em;
  std::string out;
  for (std::size_t i = 0; i < used_.size(); ++i) {
    const unsigned width = (cache_->advance(used_[i]) * 1000U + em / 2) / em;
    if (width == 1000) continue;
    out += std::to_string(i + 1) + "[" + std::to_string(width) + "]";
  }
  return out;
}

std::string SubsetFont::to_unicode() const {
  std::string out =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  out.reserve(out.size() + used_.size() * 18 + 200);
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (i % kBfcharsPerBlock == 0) {
      if (i > 0) out += "endbfchar\n";
      out += std::to_string(std::min(kBfcharsPerBlock, used_.size() - i)) + " beginbfchar\n";
    }
    const auto [base, selector] = cache_->sequence(used_[i]);
    out += '<';
    append_hex(out, static_cast<std::uint32_t>(i + 1), 4);
    out += "> <";
    append_utf16_hex(out, base);
    if (selector != 0) append_utf16_hex(out, selector);
    out += ">\n";
  }
  if (!used_.empty()) out += "endbfchar\n";
  return out + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

}  // namespace certrelay
