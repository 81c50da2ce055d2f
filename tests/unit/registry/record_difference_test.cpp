#include "relay/registry/record_difference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocol/extract/schema.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

using Columns = std::vector<std::string>;

PersonRecord person() { return sample::household(1, 1).members[0]; }

TEST(RecordDifference, EqualRecordsHaveNone) {
  EXPECT_TRUE(changed_columns(person(), person()).empty());
  EXPECT_TRUE(changed_columns(sample::household(1, 1).household, sample::household(1, 1).household)
                  .empty());
}

TEST(RecordDifference, MarksTellSetClearedAndReplaced) {
  auto other = person();
  other.name = sample::text("見本　次郎");
  other.former_name = sample::text("例");
  other.register_head = {};
  other.applicant_gate = ApplicantGate::kProtected;
  EXPECT_EQ(changed_columns(person(), other),
            (Columns{"~name", "+former_name", "-register_head", "+applicant_closed_reason"}));
}

// Every member of the record, changed alone, is one column of the schema: none is overlooked.
TEST(RecordDifference, EveryFieldIsSeen) {
  std::vector<PersonRecord> changed;
  const auto with = [&](auto change) {
    changed.push_back(person());
    change(changed.back());
  };
  using P = PersonRecord;
  for (const auto member :
       {&P::resident_class_text, &P::name, &P::kana, &P::sex_text, &P::relation_text,
        &P::former_name, &P::former_name_kana, &P::registered_domicile, &P::register_head,
        &P::previous_address, &P::nationality, &P::residence_category, &P::residence_card_number,
        &P::residence_status, &P::residence_period, &P::alias, &P::alias_kana}) {
    with([&](P& p) { p.*member = sample::text("別"); });
  }
  for (const auto member : {&P::birth, &P::resident_since, &P::address_since, &P::notified,
                            &P::residence_expiry, &P::foreign_since}) {
    with([&](P& p) { p.*member = sample::date("1999-09-09"); });
  }
  with([](P& p) { p.household = sample::household_id(77); });
  with([](P& p) { p.order = 9; });
  with([](P& p) { p.resident_class = ResidentClass::kForeign; });
  with([](P& p) { p.kana_fixed = !p.kana_fixed; });
  with([](P& p) { p.name_image = sample::png(); });
  with([](P& p) { p.sex = Sex::kUnknown; });
  with([](P& p) { p.relation = Relation::kLodger; });
  with([](P& p) { p.remarks.push_back({}); });
  with([](P& p) { p.member_gate = MemberGate::kWindow; });
  with([](P& p) { p.applicant_gate = ApplicantGate::kHeld; });
  with([](P& p) { p.applicant_gate_from = JstDay(); });
  with([](P& p) { p.individual_number = sample::individual_number(11); });
  std::set<std::string> seen;
  for (const auto& record : changed) {
    const auto columns = changed_columns(person(), record);
    ASSERT_EQ(columns.size(), 1U);
    const auto name = columns.front().substr(1);
    EXPECT_TRUE(seen.insert(name).second) << name;
    const auto known = table_columns(Table::kPersons, IndividualNumbers::kHeld);
    EXPECT_TRUE(std::any_of(known.begin(), known.end(), [&](const auto& column) {
      return column.name == name;
    })) << name;
  }
}

TEST(RecordDifference, HouseholdsColumnsAreSeen) {
  const auto before = sample::household(1, 1).household;
  auto after = before;
  after.head = sample::person_id(99);
  after.address = sample::text("別");
  after.head_name = sample::text("別");
  after.member_count = 2;
  after.gate = HouseholdGate::kHeld;
  EXPECT_EQ(changed_columns(before, after), (Columns{"~head_person_id", "~address", "~head_name",
                                                     "~member_count", "+closed_reason"}));
}

}  // namespace
}  // namespace certrelay
