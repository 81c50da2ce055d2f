#include "render/print_check.hpp"

#include <gtest/gtest.h>

#include "render/builtin_forms.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

ErrorCode refusal(const CertificateModel& model) {
  const auto pdf = render_certificate(model, test_render_kit());
  return pdf ? ErrorCode::kNone : pdf.error().code;
}

ErrorCode refusal_of_name(const std::string& name) {
  auto model = sample_household();
  model.persons[0].name = PersonalText(name);
  return refusal(model);
}

std::string repeated(const char* character, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += character;
  return out;
}

TEST(Render, EqualModelsGiveEqualBytes) {
  const auto first = render_certificate(sample_household(), test_render_kit()).value();
  const auto second = render_certificate(sample_household(), test_render_kit()).value();
  EXPECT_EQ(first, second);
  EXPECT_LE(first.size(), 100U * 1024);
}

TEST(Render, AnotherRandomIdGivesOtherBytes) {
  auto model = sample_household();
  const auto first = render_certificate(model, test_render_kit()).value();
  model.random_id[0] ^= 1;
  EXPECT_NE(first, render_certificate(model, test_render_kit()).value());
}

TEST(Render, HoldsNoDateButThePrintedOne) {
  const auto pdf = render_certificate(sample_household(), test_render_kit()).value();
  const auto text = as_text(pdf);
  for (const auto* forbidden : {"CreationDate", "ModDate", "Author", "Title", "/Prev"}) {
    EXPECT_EQ(text.find(forbidden), std::string_view::npos) << forbidden;
  }
  EXPECT_NE(text.find("/Lang (ja)"), std::string_view::npos);
}

TEST(Render, TagsStandInTheFirstOperatorsOfThePage) {
  const auto model = sample_household();
  const auto pdf = render_certificate(model, test_render_kit()).value();
  std::string operators = "stream\r\n";
  for (const auto& person : model.persons) {
    operators += "/CertrelaySubject <</Tag (" + person.subject_tag + ")>> DP\n";
  }
  EXPECT_NE(as_text(pdf).find(operators), std::string_view::npos);
}

TEST(Render, RefusesACharacterThatNoFontHas) {  // INV-13
  EXPECT_EQ(refusal_of_name("見本　\U0010FFFD"), ErrorCode::kGlyphMissing);
  EXPECT_EQ(refusal_of_name("見本　\U000F0000"), ErrorCode::kGlyphMissing);
  EXPECT_EQ(refusal_of_name("見本\n一郎"), ErrorCode::kGlyphMissing);
}

TEST(Render, RefusesAPairThatTheFontLacksThoughItHasTheBase) {  // INV-13
  EXPECT_EQ(refusal_of_name("葛\U000E0102城"), ErrorCode::kNone);
  EXPECT_EQ(refusal_of_name("葛城"), ErrorCode::kNone);
  EXPECT_EQ(refusal_of_name("葛\U000E0100城"), ErrorCode::kGlyphMissing);
  EXPECT_EQ(refusal_of_name("辻\U000E0100"), ErrorCode::kGlyphMissing);
  EXPECT_EQ(refusal_of_name("\U000E0102葛"), ErrorCode::kGlyphMissing);
  EXPECT_EQ(refusal_of_name("葛\U000E0102\U000E0102"), ErrorCode::kGlyphMissing);
}

TEST(Render, RefusesIllFormedUtf8) {
  EXPECT_EQ(refusal_of_name("\xED\xA0\x80"), ErrorCode::kInvalidUtf8);
  EXPECT_EQ(refusal_of_name("\xC0\xAF"), ErrorCode::kInvalidUtf8);
}

TEST(Render, ANameOf96CharactersFitsAt7PointsAnd97IsRefused) {
  EXPECT_EQ(refusal_of_name(repeated("澤", 80)), ErrorCode::kNone);
  EXPECT_EQ(refusal_of_name(repeated("澤", 96)), ErrorCode::kNone);
  EXPECT_EQ(refusal_of_name(repeated("澤", 97)), ErrorCode::kTextTooLong);
}

TEST(Render, ErrorsNameTheFieldAndNothingOfTheText) {
  auto model = sample_household();
  model.persons[1].name_kana = TextCell::of(PersonalText(repeated("カ", 33)));
  EXPECT_EQ(render_certificate(model, test_render_kit()).error().where, "name_kana");
  model.persons[1].name_kana = TextCell::of(PersonalText(repeated("カ", 32)));
  EXPECT_EQ(refusal(model), ErrorCode::kNone);
}

TEST(Render, TakesOneToTwentyPersons) {
  EXPECT_EQ(refusal(sample_household_of(1)), ErrorCode::kNone);
  EXPECT_EQ(refusal(sample_household_of(20)), ErrorCode::kNone);
  auto model = sample_household_of(20);
  model.persons.push_back(model.persons[0]);
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);
  model.persons.clear();
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);  // INV-7
}

TEST(Render, RefusesModelsThatBreakTheirRules) {
  auto model = sample_household();
  model.persons[0].subject_tag = "short";
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);
  model.persons[0].subject_tag = std::string(42, 'A') + ")";
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);
  model = sample_household();
  model.persons[0].name = PersonalText();
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);
  model = sample_household();
  model.kind = CertificateKind::kKisaiJiko;
  EXPECT_EQ(refusal(model), ErrorCode::kModelInvalid);
  model = sample_household();
  model.persons[1].remarks.push_back(model.persons[1].remarks[0]);
  EXPECT_EQ(refusal(model), ErrorCode::kTextTooLong);
}

TEST(Render, HeadOfHouseholdRefusesOnlyWhereItIsPrinted) {
  auto model = sample_household();
  model.head_of_household = TextCell::of(PersonalText(repeated("澤", 123)));
  EXPECT_EQ(refusal(model), ErrorCode::kTextTooLong);
  model.head_of_household = TextCell::of(CellState::kOmitted);
  EXPECT_EQ(refusal(model), ErrorCode::kNone);
}

TEST(Render, ReportsEveryProblemWithItsFieldAndCodePoint) {
  auto model = sample_household();
  EXPECT_TRUE(find_print_problems(model, test_render_kit()).empty());
  model.persons[0].name = PersonalText("葛\U000E0100城");
  model.persons[3].name_kana = TextCell::of(PersonalText(repeated("カ", 33)));
  const auto problems = find_print_problems(model, test_render_kit());
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0], (PrintProblem{ErrorCode::kGlyphMissing, "name", {U'葛', 0xE0100}}));
  EXPECT_EQ(problems[1], (PrintProblem{ErrorCode::kTextTooLong, "name_kana", {}}));
}

TEST(RenderKit, RefusesACacheOfAnotherFontOrADamagedOne) {  // INV-13
  Digest other = test_font_digest();
  other[0] ^= 1;
  const PinnedFont wrong{other, test_glyph_cache()};
  const auto form = builtin_form("household", CertificateKind::kJuminhyo).value();
  EXPECT_EQ(RenderKit::load({&wrong, 1}, {&form, 1}).error().code, ErrorCode::kFontCacheInvalid);
  Bytes damaged(test_glyph_cache().begin(), test_glyph_cache().end());
  for (const std::size_t at : {std::size_t{50}, damaged.size() / 2, damaged.size() - 1}) {
    damaged[at] ^= 1;
    const PinnedFont font{test_font_digest(), damaged};
    EXPECT_EQ(RenderKit::load({&font, 1}, {&form, 1}).error().code, ErrorCode::kFontCacheInvalid);
    damaged[at] ^= 1;
  }
}

}  // namespace
}  // namespace certrelay
