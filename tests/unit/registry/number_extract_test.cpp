// Goal: what a whole extract does to 個人番号: it brings and ends them, is planned and compared by
// them, and turns nothing while an older generation is read (R08, R49). Method: as
// individual_number_test.
#include <gtest/gtest.h>

#include "protocol/extract/block_digest.hpp"
#include "tests/unit/registry/number_world.hpp"

namespace certrelay {
namespace {

using sample::individual_number;
using sample::person_id;

// An import brings the death: the next extract has the person without a number.
TEST(IndividualNumbers, AnExtractWithoutSomebodysNumberEndsIt) {  // R49
  NumberWorld world;
  auto next = world.content;
  next.households[0].members[1].individual_number.reset();
  next.households[0].members[1].member_gate = MemberGate::kDeathReported;
  const auto gone = next.households.back().members.size();
  next.households.pop_back();  // and its one person leaves
  next.cards.erase(next.cards.end() - static_cast<std::ptrdiff_t>(gone), next.cards.end());
  ASSERT_TRUE(world.next_generation(next).has_value());
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(world.due(), 1 + gone);
    EXPECT_TRUE(world.reg->numbers_due().value().at_once);
    EXPECT_EQ(world.number_of(12), std::nullopt);
    EXPECT_EQ(world.number_of(11), individual_number(11));
    world.restart_after_a_power_cut();
  }
  EXPECT_EQ(world.reg->end_numbers().value().numbers, 1 + gone);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(world.due(), 0U);
    EXPECT_EQ(world.number_of(11), individual_number(11));
    EXPECT_EQ(world.reg->left_behind().value().size(), gone);
    world.restart_after_a_power_cut();
  }
}

TEST(IndividualNumbers, AnExtractOfThemAllAgainEndsNone) {
  NumberWorld world;
  ASSERT_TRUE(world.next_generation(world.content).has_value());
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.number_of(11), individual_number(11));
  ASSERT_TRUE(world.applied(1, {.deceased = {person_id(12)}}));
  EXPECT_EQ(world.reg->end_numbers().value().numbers, 1U);
}

// The municipality gives them up: an extract without them, then the setting.
TEST(IndividualNumbers, AnExtractWithoutThemEndsThemAll) {  // R08
  NumberWorld world;
  ASSERT_TRUE(world.next_generation(sample::content(6)).has_value());
  EXPECT_EQ(world.due(), 12U);
  EXPECT_EQ(world.number_of(11), std::nullopt);
  EXPECT_FALSE(world.snapshot()->catalogue().kinds[0].individual_number);
  ASSERT_TRUE(world.reg->end_numbers().has_value());
  world.reg.reset();
  world.settings.hold_individual_number = false;
  world.reopen();
  EXPECT_EQ(world.due(), 0U);
  EXPECT_TRUE(world.snapshot()->household_of(person_id(11)).has_value());
}

TEST(IndividualNumbers, NothingTurnsWhileAnOlderGenerationIsRead) {
  NumberWorld world;
  auto reader = world.snapshot();
  auto next = world.content;
  next.households[0].members[1].individual_number.reset();
  ASSERT_TRUE(world.next_generation(next).has_value());
  EXPECT_EQ(world.reg->may_turn().error().code, ErrorCode::kErasureBusy);
  EXPECT_EQ(world.reg->end_numbers().error().code, ErrorCode::kErasureBusy);
  reader.reset();
  EXPECT_TRUE(world.reg->may_turn().has_value());
  EXPECT_TRUE(world.reg->end_numbers().has_value());
}

TEST(IndividualNumbers, AGenerationThatWaitsLosesTheNumberOfWhoDiedMeanwhile) {
  NumberWorld world;
  auto next = world.content;
  next.generation = 2;
  const auto extract = sample::extract(next);
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto built = world.reg->build(extract.manifest, source, diagnostics).value();
  ASSERT_TRUE(world.applied(1, {.deceased = {person_id(12)}}));
  ASSERT_TRUE(world.reg->end_numbers().has_value());
  EXPECT_EQ(built.generation->individual_number(person_id(12)).error().code,
            ErrorCode::kUnknownPerson);
  EXPECT_EQ(built.generation->individual_number(person_id(11)).value(), individual_number(11));
  // It lacks an acknowledged change, so it never comes in force.
  EXPECT_EQ(world.reg->activate(built, world.clock.utc_now()).error().code,
            ErrorCode::kChangesNotContained);
}

TEST(IndividualNumbers, PlanTellsThatOneChangedAndNotWhich) {
  NumberWorld world;
  auto next = world.content;
  next.generation = 2;
  next.households[0].members[0].individual_number = individual_number(4711);
  next.households[0].members[1].individual_number.reset();
  next.households[5].members[0].individual_number = individual_number(61);
  const auto extract = sample::extract(next);
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto plan = world.reg->build(extract.manifest, source, diagnostics).value().plan;
  EXPECT_EQ(plan.persons, (PlanCounts{0, 2, 0, 10}));
  ASSERT_EQ(plan.differences.size(), 2U);
  EXPECT_EQ(plan.differences[0].columns, std::vector<std::string>{"~individual_number"});
  EXPECT_EQ(plan.differences[1].columns, std::vector<std::string>{"-individual_number"});
}

TEST(IndividualNumbers, ReconciliationSeesThem) {
  NumberWorld world;
  const auto stated = [](const sample::Content& content) {
    ReconciliationRequest out{{1, 2, 3}, 1, {}};
    BlockDigest digest(out.nonce, 1, 0);
    for (const auto& household : content.households) {
      for (const auto& member : household.members) {
        const auto card = sample::card_of(member.person);
        digest.add(household.household, member, {sample::key_of(card)}, {card.valid_from},
                   content.numbers);
      }
    }
    const auto persons = digest.persons();
    out.stated.push_back({0, persons, digest.finish()});
    return out;
  };
  EXPECT_TRUE(world.reg->reconcile(stated(world.content)).value().differing.empty());
  auto other = world.content;
  other.households[3].members[0].individual_number = individual_number(4711);
  EXPECT_EQ(world.reg->reconcile(stated(other)).value().differing.size(), 1U);
}

}  // namespace
}  // namespace certrelay
