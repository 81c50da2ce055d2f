// 漢字氏名イメージ: with the page's fonts and the page's refusals.
#include "render/image/name_image.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "protocol/extract/name_images.hpp"
#include "protocol/ids/values.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

const Bytes& font_file() {
  static const Bytes file = [] {
    std::ifstream in("/usr/share/fonts/truetype/ipamj/ipamjm.ttf", std::ios::binary);
    return Bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }();
  return file;
}

Result<Bytes> draw(std::string_view name) {
  const ByteView file = font_file();
  static auto imager = NameImager::open(test_render_kit().fonts(), {&file, 1}).value();
  return imager.draw(name);
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(NameImage, IsTheExtractsKindOfPng) {
  for (const auto* name : {"𠮷野　浩一郎", "辻\U000E0102　葛\U000E0102葉", "髙﨑 Ａbｱ",
                           "か\u3099わ　Ame\u0301lie", "MARIA"}) {
    const auto png = draw(name);
    ASSERT_TRUE(png) << name;
    EXPECT_TRUE(is_name_image(png.value())) << name;
    EXPECT_LE(png.value().size(), kNameImageBytesMax);
  }
}

TEST(NameImage, AVariantIsAnotherPictureAndADecomposedCharacterTheSame) {
  EXPECT_NE(draw("葛\U000E0102").value(), draw("葛").value());
  EXPECT_EQ(draw("か\u3099").value(), draw("が").value());
  EXPECT_EQ(draw("𠮷").value(), draw("𠮷").value());
}

TEST(NameImage, RefusesWhatThePageRefuses) {  // R46, INV-13
  EXPECT_EQ(draw("葛\U000E0100").error().code, ErrorCode::kGlyphMissing);
  EXPECT_EQ(draw("\U00100001").error().code, ErrorCode::kGlyphMissing);
  EXPECT_EQ(draw("\u3099").error().code, ErrorCode::kGlyphMissing);
  EXPECT_EQ(draw("\xED\xA0\x80").error().code, ErrorCode::kInvalidUtf8);
  EXPECT_EQ(draw("").error().code, ErrorCode::kTextTooLong);
}

TEST(NameImage, LimitsHold) {
  // 44 px a character and 4 px of margin.
  EXPECT_TRUE(draw(repeated("一", 93)));
  EXPECT_EQ(draw(repeated("一", 94)).error().code, ErrorCode::kTextTooLong);
  EXPECT_EQ(draw("").error().code, ErrorCode::kTextTooLong);
}

}  // namespace
}  // namespace certrelay
