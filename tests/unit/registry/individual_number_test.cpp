// Goal: 個人番号 lies under a key of its own, is opened for nobody who did not ask, and is gone
// with a death, in every copy (R08, R49). Method: a register that holds fictional numbers
// (0000...), changes and extracts that bring and take them, restarts with and without power cuts.
#include <gtest/gtest.h>

#include "relay/registry/sealed_number.hpp"
#include "tests/unit/registry/number_world.hpp"

namespace certrelay {
namespace {

using sample::individual_number;
using sample::person_id;

TEST(IndividualNumbers, AreOpenedForWhomTheyAreAskedAndNeverWithTheHousehold) {
  NumberWorld world;
  for (int run = 0; run < 2; ++run) {
    for (const std::uint64_t person : {11U, 12U, 13U, 21U, 31U}) {
      EXPECT_EQ(world.number_of(person), individual_number(person));
    }
    const auto household = world.snapshot()->household_of(person_id(12)).value();
    for (const auto& member : household.members) {
      EXPECT_FALSE(member.individual_number.has_value());
    }
    EXPECT_TRUE(world.snapshot()->catalogue().kinds[0].individual_number);
    EXPECT_EQ(world.number_error(99), ErrorCode::kUnknownPerson);
    world.restart_after_a_power_cut();
  }
}

TEST(IndividualNumbers, WhoHasNoneYetHasNone) {
  auto content = sample::numbered(2);
  content.households[0].members[2].individual_number.reset();
  NumberWorld world(content);
  EXPECT_EQ(world.number_of(13), std::nullopt);
  EXPECT_EQ(world.due(), 0U);
  auto rows = world.rows(1);
  rows.members[2].individual_number = individual_number(13);  // notified now
  ASSERT_TRUE(world.applied(1, {.households = {rows}}));
  EXPECT_EQ(world.number_of(13), individual_number(13));
  world.restart_after_a_power_cut();
  EXPECT_EQ(world.number_of(13), individual_number(13));
}

TEST(IndividualNumbers, AreRefusedWhereTheyMustNotBeHeld) {  // R08
  RegisterWorld world;
  const auto reg = world.open().value();
  EXPECT_EQ(world.import(*reg, sample::extract(sample::numbered(2))).error().code,
            ErrorCode::kForbiddenItem);
  EXPECT_EQ(world.stored_files().size(), 1U);  // the root's slots
  ASSERT_TRUE(world.import(*reg, sample::extract(sample::content(2))).has_value());
  EXPECT_EQ(reg->snapshot().value()->individual_number(person_id(11)).value(), std::nullopt);
}

TEST(IndividualNumbers, InForceWithoutTheSettingRefusesTheStart) {
  NumberWorld world;
  world.reg.reset();
  world.settings.hold_individual_number = false;
  EXPECT_EQ(world.open().error().code, ErrorCode::kForbiddenItem);
  world.settings.hold_individual_number = true;
  EXPECT_TRUE(world.open().has_value());
}

// The register in force says whether a change has the column; the other form is a finding, and what
// it brought is kept nowhere.
TEST(IndividualNumbers, AChangeHasThemExactlyAsTheRegisterInForce) {
  NumberWorld world;
  const auto without = world.send(1, {.households = {world.rows(1)}}, IndividualNumbers::kNotHeld);
  EXPECT_EQ(without.value().acknowledgement.quarantined.front().rule, "cell");
  ChangeWorld plain;
  auto rows = world.rows(1);
  plain.clock.pass(std::chrono::milliseconds(1));
  const auto body = encode(RegisterChange{.households = {rows}}, IndividualNumbers::kHeld).value();
  const auto with = plain.reg->change({1, 1, plain.clock.utc_now()}, body);
  EXPECT_EQ(with.value().acknowledgement.quarantined.front().rule, "unknown-column");
}

TEST(IndividualNumbers, StayWithTheirPersonsOverChangesOfOtherItems) {
  NumberWorld world;
  auto rows = world.rows(1);
  rows.household.address = sample::text("土佐みなと市新町二丁目見本");
  ASSERT_TRUE(world.applied(1, {.households = {rows}}));
  // A card is all that changes: nobody opens the number for it.
  const auto card = sample::card_of(person_id(7777));
  ASSERT_TRUE(world.applied(
      2, {.cards_added = {{person_id(21), sample::key_of(card), card.valid_from, 1}}}));
  const auto fresh = sample::household(100, 2);
  HouseholdRows newcomers{fresh.household, 1, fresh.members, {1, 2}};
  newcomers.members[0].individual_number = individual_number(1001);
  ASSERT_TRUE(world.applied(3, {.households = {newcomers}}));
  for (int run = 0; run < 2; ++run) {
    for (const std::uint64_t person : {11U, 12U, 13U, 21U, 22U, 31U, 1001U}) {
      EXPECT_EQ(world.number_of(person), individual_number(person)) << person;
    }
    EXPECT_EQ(world.number_of(1002), std::nullopt);
    EXPECT_EQ(world.due(), 0U);
    world.restart_after_a_power_cut();
  }
  ASSERT_TRUE(world.reg->destroy_keys({41}).has_value());  // a turn of the root takes all along
  ASSERT_TRUE(world.reg->drop_residue().has_value());
  world.restart_after_a_power_cut();
  for (const std::uint64_t person : {11U, 13U, 21U, 31U, 1001U}) {
    EXPECT_EQ(world.number_of(person), individual_number(person)) << person;
  }
}

TEST(IndividualNumbers, AnotherNumberReplacesTheFormer) {
  NumberWorld world;
  auto rows = world.rows(2);
  rows.members[1].individual_number = individual_number(4711);
  ASSERT_TRUE(world.applied(1, {.households = {rows}}));
  EXPECT_EQ(world.number_of(22), individual_number(4711));
  EXPECT_EQ(world.number_of(21), individual_number(21));
  world.restart_after_a_power_cut();
  EXPECT_EQ(world.number_of(22), individual_number(4711));
}

// R49
TEST(IndividualNumbers, ADeathTakesTheNumberAtOnceAndNobodyElses) {
  NumberWorld world;
  const auto before = world.snapshot();
  ASSERT_TRUE(world.applied(1, {.deceased = {person_id(12)}}));
  EXPECT_EQ(world.number_of(12), std::nullopt);
  const auto due = world.reg->numbers_due().value();
  EXPECT_EQ(due.count, 1U);
  EXPECT_TRUE(due.at_once);
  EXPECT_EQ(before->individual_number(person_id(12)).value(), individual_number(12));
  const auto turn = world.reg->end_numbers().value();
  EXPECT_EQ(turn.numbers, 1U);
  EXPECT_EQ(turn.persons, 0U);
  EXPECT_EQ(turn.epoch_after, turn.epoch_before + 1);
  // A view from before the death has no way to it either.
  EXPECT_EQ(before->individual_number(person_id(12)).error().code, ErrorCode::kUnknownPerson);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(world.due(), 0U);
    EXPECT_EQ(world.reg->end_numbers().error().code, ErrorCode::kNothingToDo);
    EXPECT_EQ(world.number_of(12), std::nullopt);
    // The person is on the register, with key and pseudonym, until the deletion.
    EXPECT_TRUE(world.snapshot()->pseudonym(person_id(12)).has_value());
    EXPECT_TRUE(world.reg->left_behind().value().empty());
    for (const std::uint64_t person : {11U, 13U, 21U, 31U}) {
      EXPECT_EQ(world.number_of(person), individual_number(person)) << person;
    }
    world.restart_after_a_power_cut();
  }
}

TEST(IndividualNumbers, TheDeathOfANumberThatAChangeBroughtEndsItToo) {
  NumberWorld world;
  const auto fresh = sample::household(100, 1);
  HouseholdRows newcomer{fresh.household, 1, fresh.members, {1}};
  newcomer.members[0].individual_number = individual_number(1001);
  ASSERT_TRUE(world.applied(1, {.households = {newcomer}}));
  const auto before = world.snapshot();
  ASSERT_TRUE(world.applied(2, {.deceased = {person_id(1001)}}));
  EXPECT_EQ(world.due(), 1U);
  world.restart_after_a_power_cut();  // a crash between death and end: due after it
  EXPECT_EQ(world.due(), 1U);
  ASSERT_TRUE(world.reg->end_numbers().has_value());
  world.restart_after_a_power_cut();
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.number_of(1001), std::nullopt);
}

TEST(IndividualNumbers, AMistakenDeathIsMendedByTheNextChange) {
  NumberWorld world;
  ASSERT_TRUE(world.applied(1, {.deceased = {person_id(22)}}));
  ASSERT_TRUE(world.reg->end_numbers().has_value());
  ASSERT_TRUE(world.applied(2, {.households = {world.rows(2)}}));
  EXPECT_EQ(world.due(), 0U);
  world.restart_after_a_power_cut();
  EXPECT_EQ(world.number_of(22), individual_number(22));
  ASSERT_TRUE(world.applied(3, {.deceased = {person_id(22)}}));
  EXPECT_EQ(world.reg->end_numbers().value().numbers, 1U);
}

TEST(IndividualNumbers, TheDeletedLoseTheirsWithoutHaste) {
  NumberWorld world;
  ASSERT_TRUE(world.applied(1, {.deleted = {person_id(31)}}));
  const auto due = world.reg->numbers_due().value();
  EXPECT_EQ(due.count, 1U);
  EXPECT_FALSE(due.at_once);
  ASSERT_TRUE(world.reg->end_numbers().has_value());
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.reg->left_behind().value(), (std::vector<std::uint64_t>{31}));
}

TEST(IndividualNumbers, AnErasedPersonLosesBothKeys) {  // R51
  NumberWorld world;
  const auto before = world.snapshot();
  ASSERT_TRUE(world.applied(1, {.deleted = {person_id(31)}}));
  const auto turn = world.reg->destroy_keys({31}).value();
  EXPECT_EQ(turn.persons, 1U);
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(before->individual_number(person_id(31)).error().code, ErrorCode::kUnknownPerson);
  world.restart_after_a_power_cut();
  EXPECT_EQ(world.due(), 0U);
}

// Goal: after a power cut a number is whole or gone, and never both due and said to be ended.
// Method: die at every write of death and end; cut the power with a seed; open, look, finish.
TEST(IndividualNumbersPowerCut, AtEveryWriteLeavesTheNumberWholeOrGone) {
  bool finished = false;
  std::uint64_t deaths = 0;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    for (const std::uint64_t seed : {0U, 1U, 2U}) {
      NumberWorld world;
      world.files.die_at(at);
      const bool dead = world.send(1, {.deceased = {person_id(12)}}).has_value();
      finished = dead && world.reg->end_numbers().has_value();
      world.reg.reset();
      seed == 0 ? world.files.power_cut() : world.files.power_cut(seed * 1000 + at);
      world.reopen();
      const bool known = world.reg->state().version.sequence == 1;
      EXPECT_TRUE(known || !dead) << at;
      EXPECT_EQ(world.number_of(12).has_value(), !known) << at;
      if (finished) {
        EXPECT_EQ(world.due(), 0U) << at;
      }
      if (!known) {
        ASSERT_TRUE(world.applied(1, {.deceased = {person_id(12)}})) << at;
      }
      if (world.due() > 0) {
        ASSERT_TRUE(world.reg->end_numbers().has_value()) << at;
      }
      EXPECT_EQ(world.due(), 0U) << at;
      EXPECT_EQ(world.number_of(11), individual_number(11)) << at;
    }
  }
  EXPECT_GT(deaths, 10U);
}

TEST(SealedNumbers, OpenUnderTheirKeyForTheirPersonAlone) {
  testing::SeededEntropy entropy(3);
  const auto key = random_key(entropy);
  const SealedNumber sealed{7, seal_number(key, 11, individual_number(11), entropy)};
  EXPECT_EQ(open_sealed_number(key, 11, sealed).value(), individual_number(11));
  EXPECT_EQ(open_sealed_number(key, 12, sealed).error().code, ErrorCode::kSealBroken);
  EXPECT_EQ(open_sealed_number(random_key(entropy), 11, sealed).error().code,
            ErrorCode::kSealBroken);
}

TEST(SealedNumbers, ARecordWithoutOneIsStoredAsBefore) {
  const auto household = sample::household(1, 1);
  StoredPerson stored{household.members[0], household.household, {person_id(11)}, {}, {}};
  const auto before = encode(stored);
  EXPECT_EQ(before.front(), 1);
  stored.number = SealedNumber{3, Bytes(40, 9)};
  const auto with = encode(stored);
  EXPECT_EQ(with.front(), 2);
  EXPECT_EQ(with.size(), before.size() + 8 + 2 + 40);
  EXPECT_EQ(decode_stored_person(with).value(), stored);
  stored.person.individual_number = individual_number(11);
  EXPECT_DEATH(encode(stored), "individual_number");
}

}  // namespace
}  // namespace certrelay
