// The forms as data: what their templates must keep to, and that a form and what its reader knows
// of it are held together at start.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "render/builtin_forms.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

constexpr auto kKind = CertificateKind::kJuminhyo;

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) out.replace(at, from.size(), to);
  return out;
}

Result<RenderKit> kit_of(std::string_view form, std::string_view rules) {
  const PinnedFont font{test_font_digest(), test_glyph_cache()};
  const FormSource source{kKind, form, rules};
  return RenderKit::load({&font, 1}, {&source, 1});
}

Result<RenderKit> builtin_kit(std::string_view name, CertificateKind kind = kKind) {
  const PinnedFont font{test_font_digest(), test_glyph_cache()};
  const auto source = builtin_form(name, kind).value();
  return RenderKit::load({&font, 1}, {&source, 1});
}

// Whether a page of `model` says what the register says, by the rules of its own form.
ErrorCode verdict(const RenderKit& kit, const CertificateModel& model,
                  const ExpectedDocument& expected) {
  const auto pdf = render_certificate(model, kit);
  if (!pdf) return pdf.error().code;
  const auto document = read_back(pdf.value());
  if (!document) return document.error().code;
  const auto checked = check_readback(document.value(), expected, kit.form(model.kind)->rules);
  return checked ? ErrorCode::kNone : checked.error().code;
}

TEST(Forms, IndividualFormPrintsEachPersonOnAPageOfTheirOwn) {
  const auto kit = builtin_kit("individual").value();
  for (const std::size_t persons : {1U, 2U, 20U}) {
    const auto model = sample_household_of(persons);
    EXPECT_EQ(verdict(kit, model, expectation_of(model)), ErrorCode::kNone) << persons;
    const auto pages = read_back(render_certificate(model, kit).value()).value().pages;
    ASSERT_EQ(pages.size(), persons);
    for (std::size_t page = 0; page < persons; ++page) {
      EXPECT_EQ(pages[page].subject_tags, std::vector{model.persons[page].subject_tag});
    }
  }
}

TEST(Forms, IndividualFormHasTwelveRowsOfRemarksAndNotThirteen) {
  const auto kit = builtin_kit("individual").value();
  auto model = sample_household_of(1);
  for (std::size_t rows = 0; rows <= 12; ++rows) {
    model.persons[0].remarks.assign(rows, {PersonalText("転居"), {}, {}, {}});
    EXPECT_EQ(verdict(kit, model, expectation_of(model)), ErrorCode::kNone) << rows;
  }
  model.persons[0].remarks.assign(13, {PersonalText("転居"), {}, {}, {}});
  EXPECT_EQ(render_certificate(model, kit).error().code, ErrorCode::kTextTooLong);
}

// 以下余白 tells where 備考 ends: a row that was lost or added shows twice.
TEST(Forms, IndividualFormClosesItsRemarks) {
  const auto kit = builtin_kit("individual").value();
  const auto model = sample_household_of(1);
  const auto document = read_back(render_certificate(model, kit).value()).value();
  const auto closing = [](const TextRun& run) { return run.text.reveal() == "以下余白"; };
  const auto& form = document.pages.at(0).form;
  EXPECT_EQ(std::count_if(form.begin(), form.end(), closing), 1);

  auto without = document;
  std::erase_if(without.pages.at(0).form, closing);
  const auto& rules = kit.form(kKind)->rules;
  EXPECT_TRUE(check_readback(document, expectation_of(model), rules));
  EXPECT_FALSE(check_readback(without, expectation_of(model), rules));
}

TEST(Forms, IndividualFormRefusesEachItemWhenItAloneDiffers) {  // INV-3
  const auto kit = builtin_kit("individual").value();
  const auto model = sample_household_of(4);
  const auto document = read_back(render_certificate(model, kit).value()).value();
  const auto right = expectation_of(model);
  for (std::size_t person = 0; person < right.persons.size(); ++person) {
    for (std::size_t item = 0; item < right.persons[person].items.size(); ++item) {
      auto expected = right;
      expected.persons[person].items[item].second = ExpectedValue::of_text(PersonalText("別"));
      EXPECT_FALSE(check_readback(document, expected, kit.form(kKind)->rules)) << person << item;
    }
  }
}

TEST(Forms, RecordCertificateSaysItsOwnSentence) {  // R12
  const auto kit = builtin_kit("record", CertificateKind::kKisaiJiko).value();
  auto model = sample_household();
  model.kind = CertificateKind::kKisaiJiko;
  EXPECT_EQ(verdict(kit, model, expectation_of(model)), ErrorCode::kNone);
  std::string all;
  const auto document = read_back(render_certificate(model, kit).value()).value();
  for (const auto& run : document.pages.at(0).values) all += run.text.reveal();
  EXPECT_NE(all.find("上記の事項は、住民票に記載があることを証明する。"), std::string::npos);
}

// 職務代理者: who signs is the form's, and the reader has no word of it.
TEST(Forms, AnActingMayorSigns) {
  const auto kit =
      kit_of("format = \"certrelay form 2\"\nbased_on = \"household\"\n[office]\nacting = true\n",
             "format = \"certrelay readback 1\"\nbased_on = \"household\"\n")
          .value();
  const auto model = sample_household();
  EXPECT_EQ(verdict(kit, model, expectation_of(model)), ErrorCode::kNone);
  const auto document = read_back(render_certificate(model, kit).value()).value();
  std::string all;
  for (const auto& run : document.pages.at(0).form) all += run.text.reveal();
  EXPECT_NE(all.find("土佐みなと市長職務代理者"), std::string::npos);
  EXPECT_NE(all.find("浜口　港"), std::string::npos);
  EXPECT_EQ(all.find("汐見"), std::string::npos);
}

TEST(Forms, AKindWithoutFormIsNotRendered) {
  const auto kit = builtin_kit("household").value();
  auto model = sample_household();
  model.kind = CertificateKind::kKisaiJiko;
  EXPECT_EQ(render_certificate(model, kit).error().code, ErrorCode::kModelInvalid);
}

TEST(Forms, AFormAndTheRulesOfAnotherAreRefusedAtStart) {
  EXPECT_EQ(kit_of(default_household_template(), default_individual_rules()).error().code,
            ErrorCode::kTemplateInvalid);
  EXPECT_EQ(kit_of(default_individual_template(), default_household_rules()).error().code,
            ErrorCode::kTemplateInvalid);
  EXPECT_EQ(kit_of(default_record_template(), default_household_rules()).error().code,
            ErrorCode::kTemplateInvalid);
}

// Two cells of one size that changed places in the template alone: no person's page would show it.
TEST(Forms, CellsThatChangedPlacesAreRefusedAtStart) {
  const std::string_view kana = "japanese = \"former_surname_kana\"";
  const std::string_view surname = "japanese = \"former_surname\"";
  auto form = replaced(default_household_template(), kana, "japanese = \"here\"");
  form = replaced(form, surname, kana);
  form = replaced(form, "japanese = \"here\"", surname);
  EXPECT_EQ(kit_of(form, default_household_rules()).error().code, ErrorCode::kTemplateInvalid);
}

TEST(Forms, AMovedCellNeedsTheReadersWord) {
  const auto moved =
      replaced(default_household_template(), "value = [158, 198]", "value = [160, 198]");
  EXPECT_TRUE(kit_of(moved, default_household_rules()));  // inside the reader's cell
  const auto form =
      replaced(default_household_template(), "rows = [20.6, 29, 35]", "rows = [12.6, 29, 35]");
  const auto rules = replaced(default_household_rules(), "address = [42, 20.6, 198, 29]",
                              "address = [42, 25, 198, 29]");
  EXPECT_EQ(kit_of(form, rules).error().code, ErrorCode::kTemplateInvalid);
  EXPECT_TRUE(kit_of(form, replaced(rules, "[42, 25, 198, 29]", "[42, 12.6, 198, 29]")));
}

TEST(Forms, AChangedWordNeedsTheReadersWord) {
  const auto form =
      replaced(default_household_template(), "unknown = \"【空欄】\"", "unknown = \"空欄\"");
  const auto sentence = replaced(form, "この写しは、世帯の一部の", "この写しは世帯の一部の");
  EXPECT_EQ(kit_of(sentence, default_household_rules()).error().code, ErrorCode::kTemplateInvalid);
  EXPECT_TRUE(kit_of(sentence, replaced(default_household_rules(), "この写しは、世帯の一部の",
                                        "この写しは世帯の一部の")));
}

TEST(Forms, TemplatesThatBreakTheGridAreRefused) {
  const auto text = default_household_template();
  const std::vector<std::pair<std::string_view, std::string_view>> faults = {
      {"persons = 4", "persons = 0"},
      {"persons = 4", "persons = 9"},
      {"persons = 4", "persons = 5"},                   // past the page's end
      {"x = [12, 198]\nfirst", "x = [9, 198]\nfirst"},  // nearer to the edge than 10 mm
      {"item = \"name_kana\"", "item = \"name\""},      // twice, and one without a cell
      {"item = \"name_kana\"", "item = \"nickname\""},
      {"y = [0, 4.4]", "y = [4.4, 0]"},
      {"y = [0, 4.4]", "y = [0, 60]"},  // outside its block
      {"y = [0, 4.4]", "y = [0, 4.4, 8.8]"},
      {"size = 14", "size = 14.3"},
      {"size = 14", "size = 6.5"},
      {"rows = 2", "rows = 3"},  // 備考 past the block's end
      {"rows = [20.6, 29, 35]", "rows = [20.6, 35, 29]"},
      {"remarks = \"備考\"\n", ""},
      {"remarks = \"備考\"", "remarks = \"備考\"\nnickname = \"愛称\""},  // no cell uses it
      {"\"certrelay form 2\"", "\"certrelay form 1\""},
      {"[4.4, 18, 198]", "[4.4, 18]"},
      {"padding = 1\n", "padding = -1\n"},
  };
  ASSERT_TRUE(parse_form_template(text));
  for (const auto& [from, to] : faults) {
    EXPECT_EQ(parse_form_template(replaced(text, from, to)).error().code,
              ErrorCode::kTemplateInvalid)
        << to;
  }
}

TEST(Forms, LimitsOfATemplateHold) {
  const auto text = default_household_template();
  const auto parsed = [&](std::string_view from, const std::string& to) {
    return parse_form_template(replaced(text, from, to)).has_value();
  };
  std::string label;
  for (int i = 0; i < 100; ++i) label += "あ";  // 300 bytes
  EXPECT_TRUE(parsed("name_kana = \"氏名の振り仮名\"", "name_kana = \"" + label + "\""));
  EXPECT_FALSE(parsed("name_kana = \"氏名の振り仮名\"", "name_kana = \"" + label + "a\""));
  // Lines of one direction.
  const auto there = parse_form_template(text).value().grid.lines;
  const auto horizontal = static_cast<std::size_t>(
      std::ranges::count_if(there, [](const GridLine& line) { return line.y0 == line.y1; }));
  const auto with = [&](std::size_t lines) {
    std::string more = "horizontal = [";
    for (std::size_t i = horizontal; i < lines; ++i) more += "[4.4, 18, 198],";
    return parsed("horizontal = [", more);
  };
  EXPECT_TRUE(with(100));
  EXPECT_FALSE(with(101));
  // The printed seal's place.
  EXPECT_TRUE(parsed("left = 13, top = 262.2, edge = 18", "left = 10, top = 269, edge = 18"));
  EXPECT_FALSE(parsed("left = 13, top = 262.2, edge = 18", "left = 9.9, top = 269, edge = 18"));
  EXPECT_FALSE(parsed("left = 13, top = 262.2, edge = 18", "left = 10, top = 269.1, edge = 18"));
  EXPECT_FALSE(parsed("left = 13, top = 262.2, edge = 18", "left = 10, top = 269, edge = 17.9"));
}

TEST(Forms, EightFontsAreTakenAndNotNine) {
  const auto form = builtin_form("household", kKind).value();
  std::vector<PinnedFont> fonts(8, {test_font_digest(), test_glyph_cache()});
  EXPECT_TRUE(RenderKit::load(fonts, {&form, 1}));
  fonts.push_back(fonts.front());
  EXPECT_EQ(RenderKit::load(fonts, {&form, 1}).error().code, ErrorCode::kFontCacheInvalid);
  EXPECT_EQ(RenderKit::load({}, {&form, 1}).error().code, ErrorCode::kFontCacheInvalid);
}

// Goal: a seal whose place the reader does not know never gets to a resident.
TEST(Forms, ThePlaceOfThePrintedSealNeedsTheReadersWord) {
  const auto form = replaced(default_household_template(), "left = 13,", "left = 60,");
  EXPECT_EQ(kit_of(form, default_household_rules()).error().code, ErrorCode::kTemplateInvalid);
  EXPECT_TRUE(
      kit_of(form, replaced(default_household_rules(), "[12, 261.5, 33,", "[59, 261.5, 79,")));
  const auto none = replaced(default_household_rules(), "code = [12, 261.5, 33, 280.4]\n", "");
  EXPECT_EQ(kit_of(default_household_template(), none).error().code, ErrorCode::kTemplateInvalid);
}

TEST(Forms, ReadersRulesAreAClosedSchema) {
  const auto text = default_household_rules();
  const std::vector<std::pair<std::string_view, std::string_view>> faults = {
      {"blocks = 4", "blocks = 0"},
      {"blocks = 4", "blocks = 9"},
      {"item = \"name_kana\"", "item = \"name\""},
      {"resident = \"any\"", "resident = \"all\""},
      {"rows = 2", "rows = 0"},
      {"first_day = 19120730", "first_day = 18120730"},
      {"demo = \"見本\"\n", ""},
      {"demo = \"見本\"\n", "demo = \"見本\"\nmore = \"x\"\n"},
      {"at = [18, 26.4, 42, 30.8]", "at = [42, 26.4, 18, 30.8]"},
      {"\"certrelay readback 1\"", "\"certrelay readback 2\""},
  };
  ASSERT_TRUE(parse_readback_rules(text));
  for (const auto& [from, to] : faults) {
    EXPECT_EQ(parse_readback_rules(replaced(text, from, to)).error().code,
              ErrorCode::kTemplateInvalid)
        << to;
  }
  EXPECT_EQ(parse_readback_rules("\xFF").error().code, ErrorCode::kTemplateInvalid);
}

}  // namespace
}  // namespace certrelay
