// The import's check over the real fonts and the real form.
#include "relay/issuance/print_check.hpp"

#include <gtest/gtest.h>

#include "protocol/extract/schema.hpp"
#include "relay/issuance/printed_person.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

const PrintCheck& print_check() {
  static const PrintCheck check(test_render_kit());
  return check;
}

std::string repeated(std::string_view character, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += character;
  return out;
}

PrintFaults faults_of(const sample::Household& household) {
  return print_check().check(household.household, household.members);
}

TEST(PrintCheck, SampleHouseholdPrints) {
  const auto faults = faults_of(sample::household(1, 3));
  EXPECT_TRUE(faults.address.empty());
  EXPECT_TRUE(faults.head.empty());
  ASSERT_EQ(faults.members.size(), 3U);
  for (const auto& member : faults.members) EXPECT_TRUE(member.empty());
}

TEST(PrintCheck, NamesMemberColumnAndCodePoint) {  // R46
  auto household = sample::household(1, 3);
  household.members[1].former_name = sample::text("葛\U000E0100城");
  const auto faults = faults_of(household);
  EXPECT_TRUE(faults.members[0].empty());
  ASSERT_EQ(faults.members[1].size(), 1U);
  EXPECT_EQ(faults.members[1][0],
            (PrintFault{"former_name", ErrorCode::kGlyphMissing, U'葛', 0xE0100}));
}

TEST(PrintCheck, NameAtTheLimitPassesAndOnePastDoesNot) {
  auto household = sample::household(1, 1);
  household.members[0].name = sample::text(repeated("澤", 96));
  EXPECT_TRUE(faults_of(household).members[0].empty());
  household.members[0].name = sample::text(repeated("澤", 97));
  EXPECT_EQ(faults_of(household).members[0],
            (std::vector{PrintFault{"name", ErrorCode::kTextTooLong, 0, 0}}));
}

TEST(PrintCheck, ForeignResidentsCellsHaveTheirOwnColumns) {
  auto household = sample::household(1, 1);
  auto& person = household.members[0];
  person.resident_class = ResidentClass::kForeign;
  person.alias = sample::text(repeated("澤", 200));
  ASSERT_EQ(faults_of(household).members[0].size(), 1U);
  EXPECT_EQ(faults_of(household).members[0][0].column, "alias");
}

TEST(PrintCheck, ThirdRemarkHasNoRow) {
  auto household = sample::household(1, 1);
  auto& remarks = household.members[0].remarks;
  remarks.assign(2, {sample::text("見本"), {}, {}, {}});
  EXPECT_TRUE(faults_of(household).members[0].empty());
  remarks.push_back(remarks.front());
  EXPECT_EQ(faults_of(household).members[0],
            (std::vector{PrintFault{"remarks", ErrorCode::kTextTooLong, 0, 0}}));
}

TEST(PrintCheck, DateBeforeEveryEraHasNoWords) {
  auto household = sample::household(1, 1);
  household.members[0].birth = sample::date("1600-01-01");
  ASSERT_EQ(faults_of(household).members[0].size(), 1U);
  EXPECT_EQ(faults_of(household).members[0][0].code, ErrorCode::kDateNotPrintable);
  EXPECT_EQ(faults_of(household).members[0][0].column, "birth_date");
}

TEST(PrintCheck, AddressAndHeadAreTheHouseholds) {
  auto household = sample::household(1, 2);
  household.household.address = sample::text("\U0010FFFD");
  household.household.head_name = sample::text(repeated("澤", 123));
  const auto faults = faults_of(household);
  EXPECT_EQ(faults.address.at(0).code, ErrorCode::kGlyphMissing);
  EXPECT_EQ(faults.head.at(0), (PrintFault{"head_name", ErrorCode::kTextTooLong, 0, 0}));
  EXPECT_TRUE(faults.members[0].empty());
}

// The quick way must say what rendering says: every length around each cell's limits, all cells.
TEST(PrintCheck, AgreesWithRenderingOnEveryLength) {
  using P = PersonRecord;
  const PrintChecker checker(test_render_kit());
  for (const auto field :
       {&P::name, &P::kana, &P::former_name, &P::register_head, &P::registered_domicile,
        &P::previous_address, &P::relation_text, &P::sex_text}) {
    for (const std::string_view unit : {"澤", "A", "ｱ", "　", "あ、"}) {
      for (std::size_t length = 1; length < 130; length += length < 8 ? 1 : 5) {
        auto record = sample::household(1, 1).members[0];
        record.*field = sample::text(repeated(unit, length));
        auto model = sample_household_of(1);
        const auto tag = model.persons[0].subject_tag;
        model.persons[0] = printed_person(record, {true, true, true});
        model.persons[0].subject_tag = tag;
        const auto page = render_certificate(model, test_render_kit());
        const auto problems = checker.person(model.persons[0]);
        ASSERT_EQ(page.has_value(), problems.empty()) << unit << length;
        if (!page) {
          EXPECT_EQ(page.error().code, problems.front().code);
        }
      }
    }
  }
}

TEST(PrintCheck, EveryFieldHasAColumnOfTheSchema) {
  const auto is_column = [](std::string_view name) {
    for (const auto table : {Table::kPersons, Table::kHouseholds}) {
      for (const auto& column : table_info(table).columns) {
        if (column.name == name) return true;
      }
    }
    return false;
  };
  for (const bool foreign : {false, true}) {
    for (const auto* field : {"address",
                              "head_of_household",
                              "name_kana",
                              "individual_number",
                              "name",
                              "resident_since",
                              "resident_code",
                              "former_surname_kana",
                              "alias_kana",
                              "address_since",
                              "former_surname",
                              "alias",
                              "notified",
                              "birth_date",
                              "sex",
                              "relation",
                              "register_head",
                              "residence_card_number",
                              "registered_domicile",
                              "nationality",
                              "previous_address",
                              "residence_status",
                              "residence_category",
                              "residence_period",
                              "residence_expiry",
                              "remarks"}) {
      EXPECT_TRUE(is_column(column_of_field(field, foreign))) << field;
    }
  }
}

}  // namespace
}  // namespace certrelay
