// Goal: the plan tells exactly what an extract changes, and names nobody but by opaque id. Method:
// real generations of small cities, one changed in known ways.
#include "relay/registry/plan_maker.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

using sample::Content;

struct PlanWorld : RegisterWorld {
  explicit PlanWorld(const Content& first) : reg(open().value()) {
    EXPECT_TRUE(import(*reg, sample::extract(first)).has_value());
  }
  Result<SealedRegister::Built> build(Content content) {
    content.generation = 2;
    const auto extract = sample::extract(content);
    sample::MemoryFiles source(extract);
    diagnostics = {};
    return reg->build(extract.manifest, source, diagnostics);
  }
  std::unique_ptr<SealedRegister> reg;
  Diagnostics diagnostics;
};

ExtractPlan plan_of(const Content& before, const Content& after) {
  PlanWorld world(before);
  auto built = world.build(after);
  EXPECT_TRUE(built.has_value());
  return built ? built.value().plan : ExtractPlan{};
}

TEST(PlanMaker, FirstExtractAddsEverything) {
  RegisterWorld world;
  const auto reg = world.open().value();
  const auto extract = sample::extract(sample::content(6));
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto built = reg->build(extract.manifest, source, diagnostics).value();
  EXPECT_EQ(built.plan.base_generation, 0U);
  EXPECT_EQ(built.plan.persons, (PlanCounts{12, 0, 0, 0}));
  EXPECT_EQ(built.plan.households, (PlanCounts{6, 0, 0, 0}));
  EXPECT_EQ(built.plan.cards, (PlanCounts{12, 0, 0, 0}));
  EXPECT_TRUE(built.plan.differences.empty());
  EXPECT_FALSE(built.plan.nothing_to_do());
}

TEST(PlanMaker, SameContentIsNothingToDo) {
  const auto plan = plan_of(sample::content(6), sample::content(6));
  EXPECT_TRUE(plan.nothing_to_do());
  EXPECT_EQ(plan.base_generation, 1U);
  EXPECT_EQ(plan.persons, (PlanCounts{0, 0, 0, 12}));
  EXPECT_EQ(plan.households, (PlanCounts{0, 0, 0, 6}));
  EXPECT_EQ(plan.cards, (PlanCounts{0, 0, 0, 12}));
}

TEST(PlanMaker, ChangedMemberNamesItsColumns) {
  auto after = sample::content(6);
  after.households[0].members[1].name = sample::text("秘密見本");
  after.households[0].members[1].former_name = sample::text("例");
  const auto plan = plan_of(sample::content(6), after);
  EXPECT_EQ(plan.persons, (PlanCounts{0, 1, 0, 11}));
  EXPECT_EQ(plan.households, (PlanCounts{0, 0, 0, 6}));
  const PlanDifference expected{
      PlanRecord::kPerson, "00000000012", PlanChange::kChanged, {"~name", "+former_name"}};
  EXPECT_EQ(plan.differences, std::vector{expected});
}

TEST(PlanMaker, HouseholdsAddressIsTheHouseholdsChange) {
  auto after = sample::content(6);
  after.households[2].household.address = sample::text("別の見本");
  const auto plan = plan_of(sample::content(6), after);
  EXPECT_EQ(plan.persons, (PlanCounts{0, 0, 0, 12}));
  const PlanDifference expected{
      PlanRecord::kHousehold, "00000000003", PlanChange::kChanged, {"~address"}};
  EXPECT_EQ(plan.differences, std::vector{expected});
}

TEST(PlanMaker, AddedAndDeletedAreCountedAndListed) {
  auto after = sample::content(6);
  after.households.erase(after.households.begin());  // of three
  after.cards.erase(after.cards.begin(), after.cards.begin() + 3);
  after.households.push_back(sample::household(50, 2));
  const auto plan = plan_of(sample::content(6), after);
  EXPECT_EQ(plan.persons, (PlanCounts{2, 0, 3, 9}));
  EXPECT_EQ(plan.households, (PlanCounts{1, 0, 1, 5}));
  EXPECT_EQ(plan.cards, (PlanCounts{0, 0, 3, 9}));
  std::vector<std::string> listed;
  for (const auto& difference : plan.differences) {
    listed.push_back(std::string(to_text(difference.change)) + difference.id);
  }
  EXPECT_EQ(listed, (std::vector<std::string>{"added00000000501", "added00000000502",
                                              "deleted00000000011", "deleted00000000012",
                                              "deleted00000000013", "added00000000050"}));
}

TEST(PlanMaker, ErasedPersonIsNeitherDeletedNorInTheWay) {  // R51
  PlanWorld world(sample::content(6));
  // The head of a household of three, whose others stay, and all of a household of one.
  ASSERT_TRUE(world.reg->destroy_keys({11, 31}).has_value());
  auto after = sample::content(6);
  after.households.erase(after.households.begin() + 2);
  after.cards.erase(after.cards.begin() + 5);
  const auto built = world.build(after);
  ASSERT_TRUE(built.has_value());
  // Who comes back is added, with the card that the index still has.
  EXPECT_EQ(built.value().plan.persons, (PlanCounts{1, 0, 0, 10}));
  EXPECT_EQ(built.value().plan.households, (PlanCounts{0, 0, 0, 5}));
  ASSERT_TRUE(world.reg->activate(built.value(), world.clock.utc_now()).has_value());
}

TEST(PlanMaker, MemberWhoMovesChangesBothHouseholds) {
  auto after = sample::content(3);  // of three, two and one
  auto moved = after.households[0].members.back();
  after.households[0].members.pop_back();
  after.households[0].household.member_count = 2;
  moved.household = sample::household_id(2);
  after.households[1].members.push_back(moved);
  after.households[1].household.member_count = 3;
  const auto plan = plan_of(sample::content(3), after);
  EXPECT_EQ(plan.persons, (PlanCounts{0, 1, 0, 5}));
  EXPECT_EQ(plan.households, (PlanCounts{0, 2, 0, 1}));
}

TEST(PlanMaker, HouseholdWithOtherPeopleUnderItsNumberIsChanged) {
  auto after = sample::content(3);
  auto other = sample::household(90, 1);
  other.household.household = sample::household_id(3);
  other.members[0].household = sample::household_id(3);
  after.households[2] = other;
  after.cards.pop_back();
  const auto plan = plan_of(sample::content(3), after);
  EXPECT_EQ(plan.persons, (PlanCounts{1, 0, 1, 5}));
  EXPECT_EQ(plan.households, (PlanCounts{0, 1, 0, 2}));
}

TEST(PlanMaker, CardsAreAColumnOfTheirPerson) {
  auto after = sample::content(3);
  after.cards[0].valid_from += std::chrono::days(1);
  after.cards.erase(after.cards.begin() + 1);
  auto second = after.cards[1];
  second.serial.push_back(7);
  after.cards.push_back(second);
  const auto plan = plan_of(sample::content(3), after);
  EXPECT_EQ(plan.cards, (PlanCounts{1, 1, 1, 4}));
  EXPECT_EQ(plan.persons, (PlanCounts{0, 3, 0, 3}));
  for (const auto& difference : plan.differences) {
    EXPECT_EQ(difference.columns, std::vector<std::string>{"~cards"});
  }
}

TEST(PlanMaker, CatalogueAloneIsAChange) {
  auto after = sample::content(3);
  auto fee = after.catalogue.fees[0];
  fee.unit_price_yen = 300;
  fee.effective_from = parse_iso_day("2027-04-01").value();
  after.catalogue.fees.push_back(fee);
  const auto plan = plan_of(sample::content(3), after);
  EXPECT_TRUE(plan.catalogue_changed);
  EXPECT_EQ(plan.fees_changed, std::vector{CertificateKind::kJuminhyo});
  EXPECT_TRUE(plan.persons.nothing_to_do());
  EXPECT_FALSE(plan.nothing_to_do());
}

TEST(PlanMaker, ListEndsAtItsLimitAndTheCountsDoNot) {
  const auto changed = [](std::size_t persons) {
    auto after = sample::content(150);  // 300 persons
    std::size_t left = persons;
    for (auto& household : after.households) {
      for (auto& member : household.members) {
        if (left == 0) break;
        --left;
        member.kana = sample::text("ベツ");
      }
    }
    return plan_of(sample::content(150), after);
  };
  auto plan = changed(kDifferencesMax);
  EXPECT_EQ(plan.differences.size(), kDifferencesMax);
  EXPECT_EQ(plan.persons.changed, kDifferencesMax);
  plan = changed(kDifferencesMax + 1);
  EXPECT_EQ(plan.differences.size(), kDifferencesMax);
  EXPECT_EQ(plan.persons.changed, kDifferencesMax + 1);
}

// The report passes the front in the clear: no value of a resident may be in it.
TEST(PlanMaker, NoValueIsInThePlan) {  // R16
  auto after = sample::content(6);
  after.households[0].members[0].name = sample::text("秘密見本");
  after.households[0].members[0].birth = sample::date("1901-01-02");
  after.households[0].household.address = sample::text("秘密町");
  const auto text = boost::json::serialize(plan_value(plan_of(sample::content(6), after)));
  for (const auto* value : {"秘密", "見本", "1901", "ミホン", "本町"}) {
    EXPECT_EQ(text.find(value), std::string::npos) << value;
  }
  EXPECT_NE(text.find("~name"), std::string::npos);
}

// A link never moves from one person to another in one step (R22).
TEST(PlanMaker, CardOfAnotherPersonRefuses) {
  const auto before = sample::content(3);
  PlanWorld world(before);
  const auto stored = world.stored_files();
  auto after = before;
  after.cards[1].person = before.cards[4].person;  // persons 12 and 22
  const auto built = world.build(after);
  EXPECT_EQ(built.error().code, ErrorCode::kCardOfAnother);
  ASSERT_EQ(world.diagnostics.rejections().size(), 1U);
  const auto& fault = world.diagnostics.rejections().front();
  EXPECT_EQ(fault.file, "cards.csv");
  EXPECT_EQ(fault.line, 3U);
  EXPECT_EQ(fault.column, "serial");
  EXPECT_EQ(fault.rule, "card-of-another-person");
  EXPECT_EQ(world.stored_files(), stored);
  EXPECT_TRUE(world.reg->snapshot().has_value());
}

// Also when the former holder has left: the first extract takes it away, the next one gives it.
TEST(PlanMaker, CardOfOneWhoLeftNeedsAnExtractBetween) {
  const auto before = sample::content(3);
  PlanWorld world(before);
  auto without = before;
  without.households.pop_back();  // person 31
  without.cards.pop_back();
  auto moved = without;
  moved.cards.push_back(before.cards.back());
  moved.cards.back().person = sample::person_id(11);
  EXPECT_EQ(world.build(moved).error().code, ErrorCode::kCardOfAnother);
  const auto between = world.build(without);
  ASSERT_TRUE(between.has_value());
  ASSERT_TRUE(world.reg->activate(between.value(), world.clock.utc_now()).has_value());
  moved.generation = 3;
  EXPECT_TRUE(world.import(*world.reg, sample::extract(moved)).has_value());
}

TEST(PlanMaker, TouchedHouseholdsAreThoseThatDiffer) {
  const auto before = sample::content(6);
  PlanWorld world(before);
  auto after = before;
  after.households[0].members[1].kana = sample::text("ベツ");
  after.households[1].household.address = sample::text("別");
  after.cards[5].valid_from += std::chrono::days(1);  // household 3
  after.households.push_back(sample::household(9, 1));
  after.households.erase(after.households.begin() + 5);
  after.cards.pop_back();
  const auto built = world.build(after);
  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built.value().touched, (std::vector<std::uint64_t>{1, 2, 3, 6, 9}));
}

// The register as it stands is the extract and the changes over it.
struct ChangedPlanWorld : ChangeWorld {
  Result<SealedRegister::Built> build(Content next) {
    next.generation = 2;
    auto extract = sample::extract(next);
    extract.manifest.base_generation = 1;
    extract.manifest.last_change = reg->state().version.sequence;
    sample::MemoryFiles source(extract);
    diagnostics = {};
    return reg->build(extract.manifest, source, diagnostics);
  }
  Diagnostics diagnostics;
};

TEST(PlanMaker, ExtractThatContainsTheChangesIsNothingToDo) {
  ChangedPlanWorld world;
  auto moved = world.rows(2);
  moved.household.address = sample::text("別の見本");
  const auto fresh = sample::household(100, 2);
  ASSERT_EQ(world.rule_of({.households = {moved, {fresh.household, 1, fresh.members, {1, 2}}},
                           .deleted = {sample::person_id(31)}}),
            "");
  auto after = world.content;
  after.households[1].household.address = sample::text("別の見本");
  after.households.erase(after.households.begin() + 2);
  std::erase_if(after.cards, [](const auto& c) { return c.person == sample::person_id(31); });
  after.households.push_back(fresh);
  const auto built = world.build(after);
  ASSERT_TRUE(built.has_value());
  const auto& plan = built.value().plan;
  EXPECT_TRUE(plan.nothing_to_do());
  EXPECT_EQ(plan.persons, (PlanCounts{0, 0, 0, 13}));
  EXPECT_EQ(plan.households, (PlanCounts{0, 0, 0, 6}));
  EXPECT_EQ(plan.cards, (PlanCounts{0, 0, 0, 11}));
  EXPECT_TRUE(plan.differences.empty());
  EXPECT_TRUE(built.value().touched.empty());
}

TEST(PlanMaker, ExtractThatTakesChangesBackSaysSo) {
  ChangedPlanWorld world;
  const auto fresh = sample::household(100, 2);
  auto moved = world.rows(2);
  moved.household.address = sample::text("別の見本");
  ASSERT_EQ(world.rule_of({.households = {moved, {fresh.household, 1, fresh.members, {1, 2}}},
                           .deleted = {sample::person_id(31)}}),
            "");
  const auto built = world.build(world.content);
  ASSERT_TRUE(built.has_value());
  const auto& plan = built.value().plan;
  EXPECT_EQ(plan.persons, (PlanCounts{1, 0, 2, 11}));
  EXPECT_EQ(plan.households, (PlanCounts{1, 1, 1, 4}));
  EXPECT_EQ(plan.cards, (PlanCounts{1, 0, 0, 11}));
  EXPECT_EQ(built.value().touched, (std::vector<std::uint64_t>{2, 3, 100}));
}

// Neither a card that a change gave nor one that it took away goes to another person (R22).
TEST(PlanMaker, CardThatAChangeGaveOrTookGoesToNobodyElse) {
  ChangedPlanWorld world;
  CardRecord given = sample::card_of(sample::person_id(11));
  given.serial.push_back(7);
  ASSERT_EQ(world.rule_of({.cards_added = {{sample::person_id(11), sample::key_of(given),
                                            given.valid_from, 1}},
                           .cards_removed = {card_key(12)}}),
            "");
  auto after = world.content;
  given.person = sample::person_id(21);
  after.cards.push_back(given);
  EXPECT_EQ(world.build(after).error().code, ErrorCode::kCardOfAnother);
  auto other = world.content;
  other.cards[1].person = sample::person_id(21);
  EXPECT_EQ(world.build(other).error().code, ErrorCode::kCardOfAnother);
  // To whom it was taken from it may come back.
  const auto built = world.build(world.content);
  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built.value().plan.cards, (PlanCounts{1, 0, 1, 11}));
}

// A page of a household that the extract leaves as the changes made it is handed out across it.
TEST(PlanMaker, PlanOverChangesTellsWhatASwapTouches) {  // INV-6
  ChangedPlanWorld world;
  auto moved = world.rows(2);
  moved.household.address = sample::text("別の見本");
  ASSERT_EQ(world.rule_of({.households = {moved}}), "");
  const auto version = world.reg->state().version;
  auto after = world.content;
  after.households[1].household.address = sample::text("別の見本");
  after.households[2].household.address = sample::text("また別の見本");
  const auto built = world.build(after);
  ASSERT_TRUE(built.has_value());
  ASSERT_TRUE(world.reg->activate(built.value(), world.clock.utc_now()).has_value());
  EXPECT_TRUE(world.reg->still_current(version, sample::household_id(1)).has_value());
  EXPECT_TRUE(world.reg->still_current(version, sample::household_id(2)).has_value());
  EXPECT_EQ(world.reg->still_current(version, sample::household_id(3)).error().code,
            ErrorCode::kRegisterChanged);
}

// What comes after the plan was made is not in it: then it says of nobody that nothing changed.
TEST(PlanMaker, ChangeAfterThePlanMakesItSayNothing) {
  ChangedPlanWorld world;
  auto after = world.content;
  after.generation = 2;
  auto extract = sample::extract(after);
  extract.manifest.base_generation = 1;
  extract.manifest.last_change = 1;
  sample::MemoryFiles source(extract);
  const auto built = world.reg->build(extract.manifest, source, world.diagnostics);
  ASSERT_TRUE(built.has_value());
  ASSERT_EQ(world.rule_of({.deceased = {sample::person_id(11)}}), "");
  const auto version = world.reg->state().version;
  ASSERT_TRUE(world.reg->activate(built.value(), world.clock.utc_now()).has_value());
  EXPECT_EQ(world.reg->still_current(version, sample::household_id(6)).error().code,
            ErrorCode::kRegisterChanged);
}

}  // namespace
}  // namespace certrelay
