// Goal: an erasure among changes takes those who left and nobody else: keys in keys.bin and keys
// that came with a change, records in the base and records in the overlay, over restarts. R51, R52.
#include <gtest/gtest.h>

#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;

// A household of two that came with a change: 1001, 1002, each with a card.
RegisterChange newcomers() {
  const auto fresh = sample::household(100, 2);
  RegisterChange change{.households = {{fresh.household, 1, fresh.members, {1, 2}}}};
  for (const std::uint64_t person : {1001U, 1002U}) {
    change.cards_added.push_back(
        {person_id(person), card_key(person), sample::card_of(person_id(person)).valid_from});
  }
  return change;
}

// Persons 11 12 13 | 21 22 | 31 | ... of the extract. 11's household has a new address, 100 is new,
// 31 was deleted: his key is due.
struct MovedCity {
  MovedCity() {
    changed.household.address = sample::text("土佐みなと市新町二丁目見本");
    EXPECT_EQ(world.rule_of({.households = {changed}}, 1), "");
    EXPECT_EQ(world.rule_of(newcomers(), 2), "");
    EXPECT_EQ(world.rule_of({.deleted = {person_id(31)}}, 3), "");
  }
  void expect_the_others_as_they_were() {
    const auto view = world.snapshot()->household_of(person_id(12)).value();
    EXPECT_EQ(view.household, changed.household);
    for (const std::uint64_t person : {11U, 22U, 41U, 1001U, 1002U}) {
      EXPECT_EQ(world.card_error(card_key(person)), ErrorCode::kNone) << person;
    }
  }
  void restart_after_a_power_cut() {
    world.reg.reset();
    world.files.power_cut();
    world.reopen();
  }

  ChangeWorld world;
  HouseholdRows changed{world.rows(1)};
};
struct ErasureOfChanges : ::testing::Test, MovedCity {};

TEST_F(ErasureOfChanges, WhoWasDeletedByAChangeIsDueAndErasedAlone) {
  EXPECT_EQ(world.reg->left_behind().value(), (std::vector<std::uint64_t>{31}));
  const auto before = world.snapshot();
  ASSERT_TRUE(before->pseudonym(person_id(31)).has_value());
  ASSERT_TRUE(world.reg->destroy_keys({31}).has_value());
  EXPECT_TRUE(world.reg->left_behind().value().empty());
  // A view that was taken before has no way to the key either.
  EXPECT_EQ(before->pseudonym(person_id(31)).error().code, ErrorCode::kUnknownPerson);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(world.snapshot()->pseudonym(person_id(31)).error().code, ErrorCode::kUnknownPerson);
    expect_the_others_as_they_were();
    restart_after_a_power_cut();
  }
}

TEST_F(ErasureOfChanges, AKeyThatCameWithAChangeIsErasedLikeAnyOther) {
  RegisterChange leaving{.deleted = {person_id(1001), person_id(1002)}};
  ASSERT_EQ(world.rule_of(leaving, 4), "");
  EXPECT_EQ(world.reg->left_behind().value(), (std::vector<std::uint64_t>{31, 1001, 1002}));
  ASSERT_TRUE(world.reg->destroy_keys({1001, 1002}).has_value());
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(world.reg->left_behind().value(), (std::vector<std::uint64_t>{31}));
    EXPECT_EQ(world.snapshot()->pseudonym(person_id(1001)).error().code, ErrorCode::kUnknownPerson);
    EXPECT_EQ(world.card_error(card_key(11)), ErrorCode::kNone);
    restart_after_a_power_cut();
  }
}

TEST_F(ErasureOfChanges, ChangesGoOnAfterAnErasure) {
  ASSERT_TRUE(world.reg->destroy_keys({31}).has_value());
  auto rows = world.rows(2);
  rows.household.address = sample::text("土佐みなと市本町五丁目見本");
  ASSERT_EQ(world.rule_of({.households = {rows}}, 4), "");
  const auto later = sample::household(101, 1);
  ASSERT_EQ(world.rule_of({.households = {{later.household, 1, later.members, {1}}}}, 5), "");
  restart_after_a_power_cut();
  EXPECT_EQ(world.snapshot()->household_of(person_id(21)).value().household, rows.household);
  EXPECT_TRUE(world.snapshot()->household_of(person_id(1011)).has_value());
  expect_the_others_as_they_were();
}

TEST_F(ErasureOfChanges, ResidueIsDroppedUnderALiveOverlay) {
  ASSERT_TRUE(world.reg->destroy_keys({31}).has_value());
  ASSERT_TRUE(world.reg->drop_residue().has_value());
  for (int run = 0; run < 2; ++run) {
    expect_the_others_as_they_were();
    EXPECT_EQ(world.card_error(card_key(31)), ErrorCode::kUnknownCard);
    EXPECT_EQ(world.snapshot()->version().sequence, 3U);
    restart_after_a_power_cut();
  }
  ASSERT_EQ(world.rule_of({.deleted = {person_id(1001), person_id(1002)}}, 4), "");
}

// Goal: after a power cut both are erased or neither, and nobody else was touched. Method: die at
// every write of the erasure of one person of the base and one of the overlay; cut, open, look.
TEST(ErasureOfChangesPowerCut, AtEveryWriteTakesBothOrNeither) {
  bool finished = false;
  std::uint64_t deaths = 0;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    for (const std::uint64_t seed : {0U, 1U, 2U}) {
      MovedCity city;
      ASSERT_EQ(city.world.rule_of({.deleted = {person_id(1001), person_id(1002)}}, 4), "");
      city.world.files.die_at(at);
      finished = city.world.reg->destroy_keys({31, 1001, 1002}).has_value();
      city.world.reg.reset();
      seed == 0 ? city.world.files.power_cut() : city.world.files.power_cut(seed * 1000 + at);
      city.world.reopen();
      const auto left = city.world.reg->left_behind().value();
      const bool gone = left.empty();
      EXPECT_TRUE(gone || left == (std::vector<std::uint64_t>{31, 1001, 1002})) << at;
      EXPECT_TRUE(gone || !finished) << at;
      for (const std::uint64_t person : {11U, 22U, 41U}) {
        EXPECT_EQ(city.world.card_error(card_key(person)), ErrorCode::kNone) << at;
      }
      // What was acknowledged is acknowledged again, but for what told of the erased.
      EXPECT_TRUE(city.world.send(1, {.households = {city.changed}}).has_value()) << at;
      const auto told = city.world.send(2, newcomers());
      EXPECT_EQ(told ? ErrorCode::kNone : told.error().code,
                gone ? ErrorCode::kAnswerGone : ErrorCode::kNone)
          << at;
    }
  }
  EXPECT_GE(deaths, 4U);
}

}  // namespace
}  // namespace certrelay
