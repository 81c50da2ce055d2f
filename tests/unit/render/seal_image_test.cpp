// The mayor's seal as a pinned image: printed where the form's characters would stand, and known to
// the readback by its very bytes.
#include "render/form/seal_image.hpp"

#include <gtest/gtest.h>

#include "render/builtin_forms.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

constexpr auto kSealedKind = CertificateKind::kJuminhyo;

// A frame's worth of black.
Bytes pbm(std::size_t width, std::uint8_t fill = 0xF0) {
  const auto digits = std::to_string(width);
  const auto head = "P4\n" + digits + " " + digits + "\n";
  Bytes out(head.begin(), head.end());
  out.resize(out.size() + (width + 7) / 8 * width, fill);
  return out;
}

Result<RenderKit> kit_with(ByteView image) {
  const PinnedFont font{test_font_digest(), test_glyph_cache()};
  auto source = builtin_form("household", kSealedKind).value();
  source.seal_image = image;
  return RenderKit::load({&font, 1}, {&source, 1});
}

TEST(SealImage, IsPrintedOnEveryPageAndReadBack) {
  const auto image = pbm(520);
  const auto loaded = kit_with(image);
  ASSERT_TRUE(loaded) << loaded.error().where;
  const auto& kit = loaded.value();
  const auto model = sample_household_of(6);
  const auto pdf = render_certificate(model, kit).value();
  const auto read = read_back(pdf).value();
  EXPECT_TRUE(read.seal_image);
  for (const auto& page : read.pages) EXPECT_EQ(page.images, 1U);
  EXPECT_TRUE(check_readback(read, expectation_of(model), kit.form(kSealedKind)->rules));
  // A form without an image takes none, and a form with one no other and not none.
  EXPECT_FALSE(check_readback(read, expectation_of(model), test_readback_rules()));
  const auto other_image = pbm(520, 0x0F);
  const auto other = kit_with(other_image).value();
  EXPECT_FALSE(check_readback(read, expectation_of(model), other.form(kSealedKind)->rules));
  const auto without = read_back(render_certificate(model, test_render_kit()).value()).value();
  EXPECT_FALSE(check_readback(without, expectation_of(model), kit.form(kSealedKind)->rules));
}

TEST(SealImage, IsARawSquareOf200To2000Samples) {
  for (const std::size_t width : {200U, 201U, 2000U}) EXPECT_TRUE(read_seal_image(pbm(width)));
  for (const std::size_t width : {199U, 2001U}) {
    EXPECT_EQ(read_seal_image(pbm(width)).error().code, ErrorCode::kTemplateInvalid) << width;
  }
  auto more = pbm(200);
  more.push_back(0);
  EXPECT_FALSE(read_seal_image(more));
  auto less = pbm(200);
  less.pop_back();
  EXPECT_FALSE(read_seal_image(less));
  auto grey = pbm(200);
  grey[1] = '5';
  EXPECT_FALSE(read_seal_image(grey));
  EXPECT_EQ(kit_with(grey).error().code, ErrorCode::kTemplateInvalid);
}

}  // namespace
}  // namespace certrelay
