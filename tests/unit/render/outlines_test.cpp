// The shapes on the page are those of the text that the page states: a page whose text extracts as
// the register has it, and whose glyphs show other characters, does not pass (INV-3).
#include "render/readback/outlines.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/base/codec.hpp"
#include "protocol/base/utf8.hpp"
#include "render/builtin_forms.hpp"
#include "render/font/subset_font.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kName = "CRLYVA+IPAmjMincho";
const std::u32string kText = U"見本𠮷野髙";

Bytes subset_of(std::u32string_view text) {
  const auto cache = GlyphCache::open(test_glyph_cache(), test_font_digest()).value();
  SubsetFont subset(cache);
  for (const auto point : text) static_cast<void>(subset.cid(cache.find(point, 0).value()));
  return subset.font_file().zlib;
}

UnicodeMap map_of(std::u32string_view text) {
  UnicodeMap out{""};
  for (const auto point : text) out.push_back(encode_utf8({&point, 1}));
  return out;
}

ErrorCode verdict(ByteView zlib, const UnicodeMap& texts, std::string_view name = kName) {
  const auto checked = test_outlines().check({.base_font = name, .zlib = zlib}, texts);
  return checked ? ErrorCode::kNone : checked.error().code;
}

// Offset and length of a table within the stream.
std::pair<std::size_t, std::size_t> table_of(ByteView zlib, std::string_view tag) {
  constexpr std::size_t kBlock = 7;
  ByteReader in(zlib.subspan(kBlock + 12));
  while (true) {
    const auto found = as_text(in.raw(4).value());
    static_cast<void>(in.u32());  // checksum
    const std::size_t offset = in.u32().value(), length = in.u32().value();
    if (found == tag) return {kBlock + offset, length};
  }
}

void expect_each_bit_counts(const Bytes& zlib, std::size_t from, std::size_t size) {
  for (std::size_t at = from; at < from + size; ++at) {
    auto changed = zlib;
    changed[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_EQ(verdict(changed, map_of(kText)), ErrorCode::kReadbackMismatch) << at;
  }
}

TEST(Outlines, TheGlyphsOfTheTextPass) {
  EXPECT_EQ(verdict(subset_of(kText), map_of(kText)), ErrorCode::kNone);
  EXPECT_EQ(verdict(subset_of(U""), map_of(U"")), ErrorCode::kNone);
}

TEST(Outlines, AnotherOrderAnotherCharacterAndOneMoreOrLessDoNot) {
  const auto zlib = subset_of(kText);
  for (const auto* other : {U"本見𠮷野髙", U"見本吉野髙", U"見本𠮷野高", U"見本𠮷野",
                            U"見本𠮷野髙髙", U"見本𠮷野\U0001F600"}) {
    EXPECT_EQ(verdict(zlib, map_of(other)), ErrorCode::kReadbackMismatch) << encode_utf8(other);
  }
  auto gap = map_of(kText);
  gap[2].clear();
  EXPECT_EQ(verdict(zlib, gap), ErrorCode::kReadbackMismatch);
  gap[2] = "本見本";
  EXPECT_EQ(verdict(zlib, gap), ErrorCode::kReadbackMismatch);
  EXPECT_EQ(verdict(zlib, {}), ErrorCode::kReadbackMismatch);
}

TEST(Outlines, AFontOfAnotherNameIsNotPinned) {
  const auto zlib = subset_of(kText);
  for (const auto* name : {"CRLYVA+IPAexMincho", "CRLYVA+", "IPAmjMincho", "", "CRLYVA+Unknown"}) {
    EXPECT_EQ(verdict(zlib, map_of(kText), name), ErrorCode::kReadbackMismatch) << name;
  }
}

TEST(Outlines, NoBitOfAGlyphOfItsPlaceOrItsWidthMayDiffer) {
  const auto zlib = subset_of(kText);
  const auto [glyphs, unused] = table_of(zlib, "glyf");
  constexpr std::size_t kAdler = 4;  // the viewer's to check
  expect_each_bit_counts(zlib, glyphs, zlib.size() - kAdler - glyphs);
  const auto [places, places_size] = table_of(zlib, "loca");
  expect_each_bit_counts(zlib, places, places_size);
  const auto [widths, widths_size] = table_of(zlib, "hmtx");
  expect_each_bit_counts(zlib, widths + 4, widths_size - 4);  // the first is the empty glyph's
  const auto [head, head_size] = table_of(zlib, "head");
  expect_each_bit_counts(zlib, head + 18, 2);  // units of the em
  expect_each_bit_counts(zlib, 0, 7);
}

TEST(Outlines, AFontThatEndsEarlyIsNone) {
  const auto zlib = subset_of(kText);
  for (std::size_t size = 0; size < zlib.size(); ++size) {
    EXPECT_NE(verdict(ByteView(zlib).first(size), map_of(kText)), ErrorCode::kNone) << size;
  }
}

TEST(Outlines, ACacheThatEndsEarlyIsNone) {
  const auto cache = test_glyph_cache();
  for (const std::size_t size : {0U, 8U, 40U, 117U, 131U, 132U, 100'000U}) {
    const auto start = cache.first(size);
    EXPECT_EQ(Outlines::open({&start, 1}).error().code, ErrorCode::kMalformed) << size;
  }
  Bytes other(cache.begin(), cache.begin() + 200'000);
  other[0] = 'X';
  const ByteView view(other);
  EXPECT_FALSE(Outlines::open({&view, 1}));
}

// A glyph cache, sound by its own digest, that draws 驫 under 髙's name and the reverse.
Bytes exchanged_cache() {
  const auto row_of = [](char32_t wanted) {
    constexpr std::size_t kRows = 132;
    for (std::size_t row = kRows;; row += 12) {
      ByteReader in(test_glyph_cache().subspan(row, 8));
      if (in.u32().value() == wanted && in.u32().value() == 0) return static_cast<long>(row);
    }
  };
  Bytes out(test_glyph_cache().begin(), test_glyph_cache().end());
  const auto one = out.begin() + row_of(U'髙') + 8;
  std::swap_ranges(one, one + 4, out.begin() + row_of(U'驫') + 8);
  std::ranges::copy(sha256(ByteView(out).first(out.size() - 32)), out.end() - 32);
  return out;
}

TEST(Outlines, APageThatShowsOtherCharactersThanItStatesDoesNotPass) {
  const auto lying = exchanged_cache();
  const PinnedFont font{test_font_digest(), lying};
  const auto form = builtin_form("household", CertificateKind::kJuminhyo).value();
  const auto kit = RenderKit::load({&font, 1}, {&form, 1}).value();
  auto model = sample_household_of(1);
  model.persons[0].name = PersonalText("橋本　太郎");  // which both draw alike
  EXPECT_TRUE(read_back(render_certificate(model, kit).value()));
  model.persons[0].name = PersonalText("髙橋　太郎");
  EXPECT_EQ(read_back(render_certificate(model, kit).value()).error().code,
            ErrorCode::kReadbackMismatch);
}

}  // namespace
}  // namespace certrelay
