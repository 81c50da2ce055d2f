// Erasure at the level of the stored files: stage one (keys) and stage two (residue). R21, R51,
// R52.
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

// Root slots, CURRENT, keys, base, index, seal, the changes' log and their keys.
constexpr std::size_t kFilesOfARegister = 8;

// Three households; the third has one person, who is erased.
struct KeyDestruction : ::testing::Test {
  KeyDestruction() : reg(world.open().value()) {
    EXPECT_TRUE(world.import(*reg, sample::extract(sample::content(3))).has_value());
  }
  Result<RootTurn> erase() { return reg->destroy_keys({number(head(3))}); }
  bool opens(const SealedRegister& target, const PersonId& person) {
    return target.snapshot().value()->household_of(person).has_value();
  }
  std::map<std::string, Bytes> copy_of_all() {
    std::map<std::string, Bytes> out;
    for (const auto& path : world.stored_files()) out[path] = world.files.content(path);
    return out;
  }
  CardKey card(std::uint64_t household) { return sample::key_of(sample::card_of(head(household))); }

  RegisterWorld world;
  std::unique_ptr<SealedRegister> reg;
};

TEST_F(KeyDestruction, ErasedPersonIsUnknownAndNobodyElseNoticesIt) {  // R51, R06
  const auto before = reg->snapshot().value();
  const auto pseudonym = before->pseudonym(head(1)).value();
  ASSERT_TRUE(before->pseudonym(head(3)).has_value());
  const auto turn = erase().value();
  EXPECT_EQ(turn.persons, 1U);
  EXPECT_EQ(turn.epoch_after, turn.epoch_before + 1);
  EXPECT_NE(turn.keys_before, turn.keys_after);
  // A snapshot that was taken before has no way to the key either.
  for (const auto& snapshot : {before, reg->snapshot().value()}) {
    EXPECT_EQ(snapshot->household_of(head(3)).error().code, ErrorCode::kUnknownPerson);
    EXPECT_EQ(snapshot->pseudonym(head(3)).error().code, ErrorCode::kUnknownPerson);  // R41
    EXPECT_TRUE(snapshot->household_of(head(1)).has_value());
    EXPECT_EQ(snapshot->pseudonym(head(1)).value(), pseudonym);
  }
  EXPECT_TRUE(reg->still_current(before->version(), sample::household_id(1)).has_value());
}

TEST_F(KeyDestruction, SurvivesAPowerCut) {
  ASSERT_TRUE(erase().has_value());
  reg.reset();
  world.files.power_cut();
  const auto again = world.open().value();
  EXPECT_FALSE(opens(*again, head(3)));
  EXPECT_TRUE(opens(*again, head(1)));
}

TEST_F(KeyDestruction, OnlyTheNewRootIsLeftInTheSlots) {  // R21
  const auto before = world.files.content("/s/register/root.slots");
  ASSERT_TRUE(erase().has_value());
  world.files.power_cut();
  const auto after = world.files.content("/s/register/root.slots");
  EXPECT_TRUE(std::all_of(after.begin(), after.begin() + RootSlots::kSlotSize,
                          [](auto byte) { return byte == 0; }));
  EXPECT_NE(before, after);
  StoredOuterKey outer(world.files, world.settings.outer_key, std::nullopt);
  const auto roots =
      RootSlots::open(world.files, "/s/register/root.slots", {world.settings.owner, 0600}, outer);
  EXPECT_EQ(roots.value().epochs(), std::vector<std::uint64_t>{2});
}

// Goal: whoever kept copies of every file but the slots has nothing. Method: put the old copies
// back, in every combination that the register could be opened with.
TEST_F(KeyDestruction, NoOldCopyOpensWithTheKeysThatRemain) {  // R51, R52
  const auto old = copy_of_all();
  ASSERT_TRUE(erase().has_value());
  ASSERT_TRUE(reg->drop_residue().has_value());
  reg.reset();
  const auto slots = world.files.content("/s/register/root.slots");
  const auto now = copy_of_all();
  for (const auto& [path, bytes] : old) {
    if (path.ends_with("root.slots")) continue;
    ASSERT_TRUE(world.files.write_durably(path, bytes).has_value());
  }
  EXPECT_EQ(world.files.content("/s/register/root.slots"), slots);
  EXPECT_EQ(world.open().error().code, ErrorCode::kNoRootKey);
  StoredOuterKey outer(world.files, world.settings.outer_key, std::nullopt);
  const auto roots =
      RootSlots::open(world.files, "/s/register/root.slots", {world.settings.owner, 0600}, outer)
          .value();
  std::size_t keys_files = 0;
  for (const auto& [path, bytes] : old) {
    if (path.find("/keys-") == std::string::npos) continue;
    ++keys_files;
    for (const std::uint64_t epoch : {1U, 2U, 3U}) {
      const RootRef ref{roots.root(roots.newest()).value(), epoch};
      const auto file = KeyFile::open(world.files, path, ref).value();
      EXPECT_EQ(file.check().error().code, ErrorCode::kSealBroken);
    }
  }
  EXPECT_EQ(keys_files, 1U);
}

TEST_F(KeyDestruction, ResidueLeavesBaseAndIndexUnderANewIndexKey) {  // R52
  const auto turn = erase().value();
  EXPECT_TRUE(reg->snapshot().value()->find_card(card(3)).has_value());
  const auto drop = reg->drop_residue().value();
  EXPECT_EQ(drop.rows, 1U);
  EXPECT_EQ(drop.turn.persons, 0U);
  EXPECT_EQ(drop.turn.epoch_before, turn.epoch_after);
  EXPECT_NE(drop.index_before, drop.index_after);
  EXPECT_LT(drop.index_after.bytes, drop.index_before.bytes);
  EXPECT_TRUE(reg->residue_gone());
  const auto snapshot = reg->snapshot().value();
  EXPECT_EQ(snapshot->find_card(card(3)).error().code, ErrorCode::kUnknownCard);
  EXPECT_EQ(snapshot->household_of(head(3)).error().code, ErrorCode::kUnknownPerson);
  EXPECT_EQ(snapshot->find_card(card(1)).value().person, head(1));
  EXPECT_TRUE(snapshot->household_of(head(1)).has_value());
  reg.reset();
  world.files.power_cut();
  EXPECT_TRUE(opens(*world.open().value(), head(1)));
}

TEST_F(KeyDestruction, FilesOfTheResidueStayUntilNobodyReadsThem) {
  ASSERT_TRUE(erase().has_value());
  auto reader = reg->snapshot().value();
  ASSERT_TRUE(reg->drop_residue().has_value());
  EXPECT_FALSE(reg->residue_gone());
  EXPECT_TRUE(reader->household_of(head(1)).has_value());
  EXPECT_FALSE(reader->household_of(head(3)).has_value());
  reader.reset();
  EXPECT_TRUE(reg->residue_gone());
}

TEST_F(KeyDestruction, WaitsWhileAnOlderGenerationIsRead) {
  auto reader = reg->snapshot().value();
  auto content = sample::content(2);
  content.generation = 2;
  ASSERT_TRUE(world.import(*reg, sample::extract(content)).has_value());
  EXPECT_EQ(erase().error().code, ErrorCode::kErasureBusy);
  EXPECT_EQ(reg->epoch(), 1U);
  reader.reset();
  EXPECT_EQ(erase().value().persons, 1U);
}

TEST_F(KeyDestruction, WhoLeftWithAGenerationIsLeftBehindUntilErased) {  // R51
  EXPECT_TRUE(reg->left_behind().value().empty());
  auto content = sample::content(2);
  content.generation = 2;
  ASSERT_TRUE(world.import(*reg, sample::extract(content)).has_value());
  EXPECT_EQ(reg->left_behind().value(), std::vector<std::uint64_t>{number(head(3))});
  ASSERT_TRUE(reg->destroy_keys(reg->left_behind().value()).has_value());
  EXPECT_TRUE(reg->left_behind().value().empty());
  EXPECT_TRUE(opens(*reg, head(1)));
  reg.reset();
  EXPECT_TRUE(world.open().value()->left_behind().value().empty());
}

TEST_F(KeyDestruction, NextImportClosesTheGapsAndKeepsThePseudonyms) {
  const auto pseudonym = reg->snapshot().value()->pseudonym(head(2)).value();
  ASSERT_TRUE(reg->destroy_keys({number(head(1)), number(head(3))}).has_value());
  auto content = sample::content(4);
  content.generation = 2;
  ASSERT_TRUE(world.import(*reg, sample::extract(content)).has_value());
  EXPECT_EQ(reg->snapshot().value()->pseudonym(head(2)).value(), pseudonym);
  for (std::uint64_t i = 1; i <= 4; ++i) EXPECT_TRUE(opens(*reg, head(i)));
  EXPECT_EQ(reg->destroy_keys({}).value().persons, 0U);
  EXPECT_TRUE(opens(*reg, head(4)));
}

// A generation that was built before and activated after must not bring the key back.
TEST_F(KeyDestruction, GenerationInTheMakingLosesTheKeyToo) {
  auto content = sample::content(4);
  content.generation = 2;
  const auto extract = sample::extract(content);
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto built = reg->build(extract.manifest, source, diagnostics).value();
  ASSERT_TRUE(erase().has_value());
  ASSERT_TRUE(reg->activate(built, world.clock.utc_now()).has_value());
  EXPECT_FALSE(opens(*reg, head(3)));
  EXPECT_TRUE(opens(*reg, head(4)));
  reg.reset();
  world.files.power_cut();
  const auto again = world.open().value();
  EXPECT_FALSE(opens(*again, head(3)));
  EXPECT_TRUE(opens(*again, head(4)));
}

TEST_F(KeyDestruction, FailedSyncOfTheFolderIsResolvedByTheNextCall) {
  // The rename is done, its durability unknown: neither done nor undone may be said.
  for (std::uint64_t nth = 1; nth <= 6; ++nth) {
    RegisterWorld other;
    const auto target = other.open().value();
    ASSERT_TRUE(other.import(*target, sample::extract(sample::content(3))).has_value());
    other.files.fail_nth(testing::Call::kSyncFolder, nth, ErrorCode::kIoError);
    const auto first = target->destroy_keys({number(head(3))});
    other.files.heal();
    if (!first) {
      ASSERT_TRUE(target->destroy_keys({number(head(3))}).has_value()) << nth;
    }
    EXPECT_FALSE(opens(*target, head(3))) << nth;
    EXPECT_TRUE(opens(*target, head(1))) << nth;
    other.files.power_cut(nth);
    EXPECT_FALSE(opens(*other.open().value(), head(3))) << nth;
  }
}

// Goal: a call that fails is never "done", and nothing is lost by it. Method: fail each write of an
// erasure and its residue once, with the machine living on; then again, then a start.
TEST(KeyDestructionFailure, AnySingleFailureLeavesAWholeRegisterAndIsMendedByTheNextCall) {
  for (const auto call : {testing::Call::kWrite, testing::Call::kSync, testing::Call::kSyncFolder,
                          testing::Call::kRename, testing::Call::kRemove}) {
    for (std::uint64_t nth = 1;; ++nth) {
      RegisterWorld world;
      auto reg = world.open().value();
      ASSERT_TRUE(world.import(*reg, sample::extract(sample::content(3))).has_value());
      const auto before = world.files.calls(call);
      world.files.fail_nth(call, nth, ErrorCode::kIoError);
      const auto keys = reg->destroy_keys({number(head(3))});
      if (keys) (void)reg->drop_residue();  // whether it fails depends on where the fault lies
      const bool reached = world.files.calls(call) - before >= nth;
      world.files.heal();
      const auto where = std::to_string(static_cast<int>(call)) + "." + std::to_string(nth);
      EXPECT_TRUE(reg->snapshot().value()->household_of(head(1)).has_value()) << where;
      if (!keys) {
        ASSERT_TRUE(reg->destroy_keys({number(head(3))}).has_value()) << where;
      }
      ASSERT_TRUE(reg->drop_residue().has_value()) << where;
      const auto snapshot = reg->snapshot().value();
      EXPECT_FALSE(snapshot->household_of(head(3)).has_value()) << where;
      EXPECT_TRUE(snapshot->household_of(head(1)).has_value()) << where;
      const auto epoch = reg->epoch();
      reg.reset();
      world.files.power_cut();
      const auto again = world.open();
      ASSERT_TRUE(again.has_value()) << where;
      EXPECT_EQ(again.value()->epoch(), epoch) << where;
      EXPECT_TRUE(again.value()->snapshot().value()->household_of(head(1)).has_value()) << where;
      EXPECT_EQ(world.stored_files().size(), kFilesOfARegister) << where;
      if (!reached) break;
    }
  }
}

// Goal: old or new, whole, at any moment. Method: die at every change of an erasure and its
// residue, cut the power with a seed, open, look; only "new" may be where it was reported as done.
TEST(KeyDestructionPowerCut, AtEveryWriteLeavesOldOrNewWhole) {
  std::uint64_t deaths = 0;
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    RegisterWorld world;
    bool keys_gone = false;
    {
      const auto reg = world.open().value();
      ASSERT_TRUE(world.import(*reg, sample::extract(sample::content(3))).has_value());
      world.files.die_at(at);
      keys_gone = reg->destroy_keys({number(head(3))}).has_value();
      finished = keys_gone && reg->drop_residue().has_value();
    }
    world.files.power_cut(at);
    const auto again = world.open();
    ASSERT_TRUE(again.has_value()) << at << " " << again.error().where;
    const auto& reg = *again.value();
    const auto snapshot = reg.snapshot().value();
    const bool erased = !snapshot->household_of(head(3)).has_value();
    EXPECT_EQ(erased, reg.epoch() > 1) << at;
    if (keys_gone) {
      EXPECT_TRUE(erased) << at;
    }
    if (finished) {
      EXPECT_EQ(reg.epoch(), 3U);
    }
    EXPECT_TRUE(snapshot->household_of(head(1)).has_value()) << at;
    EXPECT_EQ(snapshot->find_card(sample::key_of(sample::card_of(head(3)))).has_value(),
              reg.epoch() < 3)
        << at;
    // One root, whatever happened, and nothing that CURRENT does not name.
    StoredOuterKey outer(world.files, world.settings.outer_key, std::nullopt);
    const auto roots =
        RootSlots::open(world.files, "/s/register/root.slots", {world.settings.owner, 0600}, outer);
    EXPECT_EQ(roots.value().epochs(), std::vector<std::uint64_t>{reg.epoch()}) << at;
    EXPECT_EQ(world.stored_files().size(), kFilesOfARegister) << at;
    ASSERT_TRUE(again.value()->destroy_keys({number(head(3))}).has_value()) << at;
  }
  EXPECT_GT(deaths, 40U);
}

}  // namespace
}  // namespace certrelay
