// The pinned fonts in their order: the first that has the exact sequence prints it, and none is a
// refusal (R46).
#include <gtest/gtest.h>

#include "render/builtin_forms.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

constexpr auto kListKind = CertificateKind::kJuminhyo;

RenderKit kit_with(std::size_t fonts) {
  const std::array<PinnedFont, 2> both{{{test_font_digest(), test_glyph_cache()},
                                        {test_second_font_digest(), test_second_glyph_cache()}}};
  const auto form = builtin_form("household", kListKind).value();
  return RenderKit::load(std::span(both).first(fonts), {&form, 1}).value();
}

CertificateModel named(const char* name) {
  auto model = sample_household_of(1);
  model.persons[0].name = PersonalText(name);
  return model;
}

void expect_exact(const RenderKit& kit, const char* name) {
  const auto model = named(name);
  const auto pdf = render_certificate(model, kit);
  ASSERT_TRUE(pdf) << name;
  EXPECT_TRUE(check_readback(read_back(pdf.value()).value(), expectation_of(model),
                             kit.form(kListKind)->rules))
      << name;
}

TEST(FontList, ASelectorThatTheFirstFontLacksIsExactWithASecond) {
  const auto alone = kit_with(1);
  const auto both = kit_with(2);
  for (const auto* name : {"葛\U000E0100", "辻\U000E0100"}) {
    const auto refused = render_certificate(named(name), alone);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error(), (Error{ErrorCode::kGlyphMissing, "name"}));
    expect_exact(both, name);
  }
  for (const auto* name : {"葛\U000E0102", "辻\U000E0102", "𠮷野", "髙﨑"}) {
    expect_exact(alone, name);
    expect_exact(both, name);
  }
}

TEST(FontList, FontsOfOneLineMixWithoutLosingACharacter) {
  expect_exact(kit_with(2), "葛\U000E0100葛\U000E0102𠮷辻\U000E0100");
}

// One character in two spellings prints as one, and its text stays as the register spells it.
TEST(FontList, ACombiningMarkPrintsOnItsBase) {
  const auto kit = kit_with(1);
  expect_exact(kit, "か\u3099わ　ハ\u309Aリ　Ame\u0301lie");
  const auto composed = render_certificate(named("が"), kit).value();
  const auto spelled = render_certificate(named("か\u3099"), kit).value();
  const auto width_of_name = [](const Bytes& pdf) {
    const auto runs = read_back(pdf).value().pages.at(0).values;
    return std::count_if(runs.begin(), runs.end(), [](const TextRun& run) {
      return run.text.reveal() == "が" || run.text.reveal() == "か\u3099";
    });
  };
  EXPECT_EQ(width_of_name(composed), 1);
  EXPECT_EQ(width_of_name(spelled), 1);
}

TEST(FontList, AMarkThatNoCharacterTakesIsRefusedNotPrintedBeside) {
  for (const auto* name : {"\u3099", "見\u3099", "か\u3099\u309A", "か\u309A", "見\u0301",
                           "見\u200D本", "見\u202E本"}) {
    EXPECT_EQ(render_certificate(named(name), kit_with(2)).error().code, ErrorCode::kGlyphMissing)
        << name;
  }
}

TEST(FontList, AnUnmappedPrivateCharacterIsRefusedByAllFonts) {
  EXPECT_EQ(render_certificate(named("見本\U00100001"), kit_with(2)).error().code,
            ErrorCode::kGlyphMissing);
}

}  // namespace
}  // namespace certrelay
