// Every text of the city can be printed with IPAmj明朝, the one intended name excepted.
#include <ft2build.h>
#include FT_FREETYPE_H
#include <gtest/gtest.h>
#include <hb-ft.h>

#include "protocol/base/utf8.hpp"
#include "tests/unit/city/register_files.hpp"

namespace certrelay {
namespace {

constexpr const char* kFontPath = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf";

bool is_selector(char32_t point) { return point >= 0xE0100 && point <= 0xE01EF; }

class Mincho : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(FT_Init_FreeType(&library_), 0);
    ASSERT_EQ(FT_New_Face(library_, kFontPath, 0, &face_), 0) << "install fonts-ipamj-mincho";
    font_ = hb_ft_font_create_referenced(face_);
  }
  void TearDown() override {
    hb_font_destroy(font_);
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }
  // The code points that the font cannot show, in U+ notation.
  std::string missing(std::string_view text) {
    const auto points = decode_utf8(text).value();
    std::string out;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (is_selector(points[i])) continue;
      hb_codepoint_t glyph = 0;
      const bool varied = i + 1 < points.size() && is_selector(points[i + 1]);
      const bool found =
          varied ? hb_font_get_variation_glyph(font_, points[i], points[i + 1], &glyph) != 0
                 : hb_font_get_nominal_glyph(font_, points[i], &glyph) != 0;
      if (!found) out += "U+" + to_hex(ByteView(as_bytes(encode_utf8({&points[i], 1})))) + " ";
    }
    return out;
  }
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  hb_font_t* font_ = nullptr;
};

TEST_F(Mincho, CoversEveryTextButTheIntendedName) {
  ScratchFolder folder;
  PosixFiles files;
  const JstDay today = parse_iso_day("2026-11-22").value();
  ASSERT_TRUE(
      write_source_tables(files, folder.path(), {.residents = 4000, .seed = 1, .today = today}));
  std::size_t lacking = 0;
  for (const auto& person : read_table(folder.path(), Table::kPersons, decode_person)) {
    const auto cells = cells_of(person);
    std::string all;
    for (const auto& cell : cells) all += cell;
    std::erase_if(all, [](char c) { return c == '\t' || c == '\n'; });
    const auto lack = missing(all);
    const bool intended = person.member_gate == MemberGate::kGlyphMissing;
    EXPECT_EQ(lack.empty(), !intended) << lack;
    lacking += intended ? 1 : 0;
  }
  EXPECT_EQ(lacking, 1U);
  for (const auto& household : read_table(folder.path(), Table::kHouseholds, decode_household)) {
    EXPECT_EQ(missing(household.address.reveal()), "");
  }
}

}  // namespace
}  // namespace certrelay
