#include "render/form/eras.hpp"

#include <gtest/gtest.h>

#include "render/form/form_template.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {
namespace {

const FormTemplate& form() {
  static const auto form = parse_form_template(default_household_template()).value();
  return form;
}

std::string words(const char* iso, Calendar calendar = Calendar::kJapanese) {
  const auto out = date_words(RegisterDate::parse(iso).value(), calendar, form().eras, "test");
  return out ? out.value() : "refused";
}

TEST(Eras, BeginOnTheirTrueDays) {
  EXPECT_EQ(words("1912-07-29"), "明治４５年　７月２９日");
  EXPECT_EQ(words("1912-07-30"), "大正元年　７月３０日");
  EXPECT_EQ(words("1926-12-24"), "大正１５年１２月２４日");
  EXPECT_EQ(words("1926-12-25"), "昭和元年１２月２５日");
  EXPECT_EQ(words("1989-01-07"), "昭和６４年　１月　７日");
  EXPECT_EQ(words("1989-01-08"), "平成元年　１月　８日");
  EXPECT_EQ(words("2019-04-30"), "平成３１年　４月３０日");
  EXPECT_EQ(words("2019-05-01"), "令和元年　５月　１日");
  EXPECT_EQ(words("2020-10-05"), "令和　２年１０月　５日");
  EXPECT_EQ(words("1868-01-24"), "refused");
}

TEST(Eras, PrintForeignBirthDatesInTheWesternCalendar) {
  EXPECT_EQ(words("1985-04-12", Calendar::kWestern), "１９８５年　４月１２日");
}

TEST(Eras, LeaveUnknownPartsOutWhereTheEraIsSure) {
  EXPECT_EQ(words("1945-08-00"), "昭和２０年　８月");
  EXPECT_EQ(words("1945-00-00"), "昭和２０年");
  EXPECT_EQ(words("1989-00-00"), "refused");
  EXPECT_EQ(words("1989-01-00"), "refused");
  EXPECT_EQ(words("0000-00-00"), "refused");
}

TEST(Eras, PrintTheRegistersOwnWordsUnchanged) {  // R46
  const auto date = RegisterDate::parse("1945-00-00", PersonalText("昭和20年月日不詳")).value();
  EXPECT_EQ(date_words(date, Calendar::kJapanese, form().eras, "t").value(), "昭和20年月日不詳");
}

TEST(Eras, WriterAndReaderAgreeOnEveryDayOfTheEras) {
  const auto rules = parse_readback_rules(default_household_rules()).value();
  const auto last = parse_iso_day("2040-01-01").value();
  for (auto day = parse_iso_day("1868-01-25").value(); day < last; day += std::chrono::days(1)) {
    const auto date = RegisterDate::parse(to_iso_day(day)).value();
    ASSERT_EQ(date_words(date, Calendar::kJapanese, form().eras, "t").value(),
              expected_date_words(date, false, rules).value())
        << to_iso_day(day);
  }
}

TEST(FormTemplate, TakesAFictionalEra) {
  const std::string text = std::string(default_household_template()) +
                           "\n[[eras]]\nname = \"見本\"\nstart = \"2030-06-01\"\n";
  const auto changed = parse_form_template(text).value();
  const auto date = RegisterDate::parse("2030-06-01").value();
  EXPECT_EQ(date_words(date, Calendar::kJapanese, changed.eras, "t").value(),
            "見本元年　６月　１日");
}

// A file that says what differs, and the rest is the built-in form's.
TEST(FormTemplate, StandsOnABuiltInForm) {
  const std::string head = "format = \"certrelay form 2\"\nbased_on = ";
  const auto own = parse_form_template(head + "\"individual\"\n[office]\nacting = true\n").value();
  const auto below = parse_form_template(default_individual_template()).value();
  EXPECT_EQ(own.title, below.title);
  EXPECT_NE(own.office.title, below.office.title);
  const auto eras = parse_form_template(head +
                                        "\"household\"\n[[eras]]\nname = \"見本\"\n"
                                        "start = \"1868-01-25\"\n")
                        .value()
                        .eras;
  ASSERT_EQ(eras.size(), 1U);
  EXPECT_EQ(eras.front().name, "見本");
  for (const std::string_view refused :
       {"\"record\"", "\"\"", "1", "\"household\"\nsurprise = 1",
        "\"household\"\n[office]\nsurprise = 1", "\"household\"\n[office]\ntitle = 1"}) {
    EXPECT_FALSE(parse_form_template(head + std::string(refused) + "\n")) << refused;
  }
  EXPECT_FALSE(parse_form_template("based_on = \"household\"\n"));  // no format of its own
}

TEST(ReadbackRules, StandOnThoseOfABuiltInForm) {
  const std::string head = "format = \"certrelay readback 1\"\nbased_on = ";
  const auto own = parse_readback_rules(head + "\"individual\"\n[words]\ndemo = \"仮\"\n").value();
  const auto below = parse_readback_rules(default_individual_rules()).value();
  EXPECT_EQ(own.demo_word, "仮");
  EXPECT_EQ(own.whole_sentence, below.whole_sentence);
  EXPECT_EQ(own.closing, below.closing);
  EXPECT_FALSE(parse_readback_rules(head + "\"record\"\n"));
  EXPECT_FALSE(parse_readback_rules(head + "\"household\"\nsurprise = 1\n"));
  EXPECT_FALSE(parse_readback_rules("based_on = \"household\"\n"));
}

TEST(FormTemplate, RefusesUnknownMissingAndDisorderedMembers) {
  const std::string text(default_household_template());
  const auto refused = [](const std::string& t) { return !parse_form_template(t).has_value(); };
  EXPECT_TRUE(refused("surprise = 1\n" + text));
  EXPECT_TRUE(refused(text + "\n[[eras]]\nname = \"見本\"\nstart = \"2019-05-01\"\n"));
  EXPECT_TRUE(refused(text + "\n[[eras]]\nname = \"見本\"\nstart = \"2031-02-29\"\n"));
  auto missing = text;
  missing.replace(missing.find("title = \"住民票\""), std::string("title = \"住民票\"").size(), "");
  EXPECT_TRUE(refused(missing));
  EXPECT_TRUE(refused(text + "\xFF"));
  EXPECT_TRUE(refused("not toml"));
}

}  // namespace
}  // namespace certrelay
