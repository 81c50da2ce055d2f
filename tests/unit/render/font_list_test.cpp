// The pinned fonts in their order: the first that has the exact sequence prints it, and none is a
// refusal (R46).
#include <gtest/gtest.h>

#include <fstream>

#include "protocol/base/sha256.hpp"
#include "protocol/base/utf8.hpp"
#include "render/builtin_forms.hpp"
#include "render/font/cache_builder.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/command.hpp"
#include "tests/support/gaiji_font.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

constexpr auto kListKind = CertificateKind::kJuminhyo;

// A municipality's 外字, at a code point of plane 16.
constexpr const char* kOwnCharacter = "\U00100001";

ByteView own_glyph_cache() {
  static const auto cache = build_glyph_cache(testing::gaiji_font(U'\U00100001')).value();
  return cache;
}

RenderKit kit_with_own_font() {
  const std::array<PinnedFont, 2> both{
      {{test_font_digest(), test_glyph_cache()},
       {sha256(testing::gaiji_font(U'\U00100001')), own_glyph_cache()}}};
  const auto form = builtin_form("household", kListKind).value();
  return RenderKit::load(both, {&form, 1}).value();
}

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

// Our reader takes the page, and pdftotext has the name code point for code point.
void expect_exact(const RenderKit& kit, const char* name) {
  auto model = named(name);
  model.demo = false;  // the large 見本 runs across the lines
  const auto pdf = render_certificate(model, kit);
  ASSERT_TRUE(pdf) << name;
  EXPECT_TRUE(check_readback(read_back(pdf.value(), kit.outlines()).value(), expectation_of(model),
                             kit.form(kListKind)->rules))
      << name;
  const testing::TempFolder folder;
  const std::string path = folder / "page.pdf";
  {
    std::ofstream out(path, std::ios::binary);
    out.write(as_text(pdf.value()).data(), static_cast<std::streamsize>(pdf.value().size()));
  }
  const auto text = without_spaces(testing::run_command("pdftotext -raw " + path + " -").text);
  EXPECT_NE(text.find(without_spaces(name)), std::u32string::npos) << name;
}

TEST(GlyphCache, FindsEverySequenceOfTheFontAtItsOwnRowAndNoOther) {
  for (const auto& [file, font] :
       {std::pair(test_glyph_cache(), test_font_digest()),
        std::pair(own_glyph_cache(), sha256(testing::gaiji_font(U'\U00100001')))}) {
    const auto cache = GlyphCache::open(file, font).value();
    for (SequenceIndex row = 0; row < cache.sequence_count(); ++row) {
      const auto [base, selector] = cache.sequence(row);
      ASSERT_EQ(cache.find(base, selector), row) << static_cast<std::uint32_t>(base);
    }
    for (const char32_t absent :
         {U'\0', U'\uFFFF', U'\U0010FFFF', char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
      EXPECT_EQ(cache.find(absent, 0), std::nullopt) << static_cast<std::uint32_t>(absent);
    }
    EXPECT_EQ(cache.find(cache.sequence(0).first, 0x10FFFF), std::nullopt);
  }
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
  const auto name = std::string("見本") + kOwnCharacter;
  EXPECT_EQ(render_certificate(named(name.c_str()), kit_with(2)).error().code,
            ErrorCode::kGlyphMissing);
}

TEST(FontList, ACharacterOfTheCitysOwnFontIsExact) {
  const auto kit = kit_with_own_font();
  const auto name = std::string("見本") + kOwnCharacter + "　𠮷" + kOwnCharacter;
  expect_exact(kit, name.c_str());
  // Its neighbour has no glyph there either.
  EXPECT_EQ(render_certificate(named("見本\U00100002"), kit).error().code,
            ErrorCode::kGlyphMissing);
}

// Foreign names of 60 and of 80 letters, and 80 characters: whole words break, nothing is cut.
TEST(FontList, LongNamesAreExact) {
  const auto kit = kit_with(1);
  const std::string sixty = "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ JIMENEZ X";
  const std::string eighty = sixty + " ALEXANDRA VALENTINA";
  ASSERT_EQ(sixty.size(), 60U);
  ASSERT_EQ(eighty.size(), 80U);
  std::string characters;
  for (int i = 0; i < 80; ++i) characters += i % 2 == 0 ? "澤" : "𠮷";
  for (const auto& name : {sixty, eighty, characters}) expect_exact(kit, name.c_str());
}

// A word is never broken, so one that is too long for the cell's width is refused.
TEST(FontList, AWordThatNoLineTakesIsRefused) {
  EXPECT_EQ(render_certificate(named(std::string(80, 'W').c_str()), kit_with(1)).error(),
            (Error{ErrorCode::kTextTooLong, "name"}));
}

}  // namespace
}  // namespace certrelay
