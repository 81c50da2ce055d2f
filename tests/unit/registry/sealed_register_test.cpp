#include <gtest/gtest.h>

#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

using sample::Content;

TEST(SealedRegister, ServesNothingBeforeTheFirstExtract) {
  RegisterWorld world;
  const auto target = world.open().value();
  EXPECT_EQ(target->snapshot().error().code, ErrorCode::kRegisterNotReady);
  EXPECT_EQ(target->state().reason, RegisterReason::kNoRegister);
}

TEST(SealedRegister, CardOpensItsHouseholdInRegisterOrder) {
  RegisterWorld world;
  const auto target = world.open().value();
  auto content = sample::content(40);
  content.households[0].members[1].remarks = {
      {sample::text("旧氏の記載"), sample::text("佐藤"), sample::date("2024-05-00"), {}}};
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  const auto snapshot = target->snapshot().value();
  EXPECT_EQ(snapshot->version(), (RegisterVersion{1, 0}));
  EXPECT_EQ(snapshot->catalogue(), content.catalogue);
  for (const auto& household : content.households) {
    for (const auto& member : household.members) {
      const auto card = sample::card_of(member.person);
      const auto linked = snapshot->find_card(sample::key_of(card)).value();
      EXPECT_EQ(linked.person, member.person);
      EXPECT_EQ(linked.valid_from, card.valid_from);
      const auto view = snapshot->household_of(linked.person).value();
      EXPECT_EQ(view.household, household.household);
      EXPECT_EQ(view.members, household.members);
    }
  }
}

TEST(SealedRegister, UnknownCardAndPersonHaveTheirOwnErrors) {
  RegisterWorld world;
  const auto target = world.open().value();
  ASSERT_TRUE(world.import(*target, sample::extract(sample::content(5))).has_value());
  const auto snapshot = target->snapshot().value();
  auto key = sample::key_of(sample::card_of(head(1)));
  key.serial.back() ^= 1;
  key.serial[3] = 9;
  EXPECT_EQ(snapshot->find_card(key).error().code, ErrorCode::kUnknownCard);
  key = sample::key_of(sample::card_of(head(1)));
  key.issuer_der.back() ^= 1;  // the serial alone says nothing
  EXPECT_EQ(snapshot->find_card(key).error().code, ErrorCode::kUnknownCard);
  EXPECT_EQ(snapshot->household_of(sample::person_id(99)).error().code, ErrorCode::kUnknownPerson);
}

TEST(SealedRegister, SurvivesARestartAndAPowerCut) {
  RegisterWorld world;
  ASSERT_TRUE(world.import(*world.open().value(), sample::extract(sample::content(9))).has_value());
  world.files.power_cut();
  const auto again = world.open().value();
  EXPECT_TRUE(again->snapshot().value()->household_of(head(9)).has_value());
}

TEST(SealedRegister, OldSnapshotStaysWholeAfterASwap) {  // INV-5
  RegisterWorld world;
  const auto target = world.open().value();
  auto content = sample::content(6);
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  const auto old = target->snapshot().value();
  content.generation = 2;
  content.households[0].household.address = sample::text("土佐みなと市新町二丁目見本");
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  EXPECT_EQ(old->household_of(head(1)).value().household.address.reveal(),
            "土佐みなと市本町一丁目１番見本号");
  EXPECT_EQ(target->snapshot().value()->household_of(head(1)).value().household.address.reveal(),
            "土佐みなと市新町二丁目見本");
  // INV-6: an intent that was prepared from the old one is refused.
  const auto household = sample::household_id(1);
  EXPECT_EQ(target->still_current(old->version(), household).error().code,
            ErrorCode::kRegisterChanged);
  EXPECT_TRUE(target->still_current({2, 0}, household).has_value());
}

TEST(SealedRegister, FormerGenerationsFilesStayWhileASnapshotUsesThem) {
  RegisterWorld world;
  const auto target = world.open().value();
  ASSERT_TRUE(world.import(*target, sample::extract(sample::content(6))).has_value());
  const auto one_generation = world.stored_files().size();
  auto old = target->snapshot().value();
  auto content = sample::content(6);
  content.generation = 2;
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  target->remove_retired();
  EXPECT_GT(world.stored_files().size(), one_generation);
  EXPECT_TRUE(old->household_of(head(1)).has_value());
  old.reset();
  target->remove_retired();
  EXPECT_EQ(world.stored_files().size(), one_generation);
}

TEST(SealedRegister, InterruptedInitCanBeDoneAgain) {
  for (std::uint64_t at = 1;; ++at) {
    RegisterWorld world;
    world.settings.folder = "/s/second";
    world.settings.outer_key = "/s/second.key";
    world.files.die_at(at);
    const bool finished = SealedRegister::init(world.env(), world.settings).has_value();
    world.files.power_cut(at);
    if (!finished && !SealedRegister::initialised(world.env(), world.settings)) {
      EXPECT_TRUE(SealedRegister::init(world.env(), world.settings).has_value()) << at;
    }
    EXPECT_TRUE(world.open().has_value()) << at;
    if (finished) break;
  }
}

TEST(SealedRegister, PseudonymStaysOverGenerationsAndDiffersByPerson) {
  RegisterWorld world;
  const auto target = world.open().value();
  auto content = sample::content(6);
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  const auto first = target->snapshot().value()->pseudonym(head(3)).value();
  EXPECT_NE(first, target->snapshot().value()->pseudonym(head(4)).value());
  content.generation = 2;
  content.households.push_back(sample::household(100, 3));
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  EXPECT_EQ(target->snapshot().value()->pseudonym(head(3)).value(), first);
  EXPECT_TRUE(target->snapshot().value()->pseudonym(head(100)).has_value());
}

TEST(SealedRegister, DeletedPersonIsUnknownInTheNextGeneration) {  // R06
  RegisterWorld world;
  const auto target = world.open().value();
  auto content = sample::content(6);
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  content.generation = 2;
  content.households.pop_back();
  content.cards.pop_back();
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  const auto snapshot = target->snapshot().value();
  EXPECT_EQ(snapshot->find_card(sample::key_of(sample::card_of(head(6)))).error().code,
            ErrorCode::kUnknownCard);
}

TEST(SealedRegister, GenerationMustRise) {
  RegisterWorld world;
  const auto target = world.open().value();
  auto content = sample::content(3);
  content.generation = 5;
  ASSERT_TRUE(world.import(*target, sample::extract(content)).has_value());
  for (const std::uint64_t generation : {4U, 5U}) {
    content.generation = generation;
    EXPECT_EQ(world.import(*target, sample::extract(content)).error().code,
              ErrorCode::kOldGeneration);
  }
  EXPECT_EQ(target->state().version.generation, 5U);
}

TEST(SealedRegister, RefusedExtractLeavesTheOldServingAndNothingBehind) {
  RegisterWorld world;
  const auto target = world.open().value();
  ASSERT_TRUE(world.import(*target, sample::extract(sample::content(3))).has_value());
  const auto before = world.stored_files();
  auto content = sample::content(30);
  content.generation = 2;
  content.cards.back().person = sample::person_id(5);
  EXPECT_FALSE(world.import(*target, sample::extract(content)).has_value());
  EXPECT_EQ(world.stored_files(), before);
  EXPECT_TRUE(target->snapshot().value()->household_of(head(3)).has_value());
}

TEST(SealedRegister, AgeIsCountedFromTheLastContact) {  // R50
  RegisterWorld world;
  const auto target = world.open().value();
  ASSERT_TRUE(world.import(*target, sample::extract(sample::content(1))).has_value());
  world.clock.pass(std::chrono::hours(19));
  EXPECT_FALSE(target->state().near_bound());
  world.clock.pass(std::chrono::hours(1));
  EXPECT_TRUE(target->state().near_bound());
  world.clock.pass(std::chrono::hours(6));
  EXPECT_TRUE(target->snapshot().has_value());  // at the bound
  world.clock.pass(std::chrono::milliseconds(1));
  EXPECT_EQ(target->snapshot().error().code, ErrorCode::kRegisterNotReady);
  EXPECT_EQ(target->state().reason, RegisterReason::kTooOld);
  EXPECT_EQ(target->still_current({1, 0}, sample::household_id(1)).error().code,
            ErrorCode::kRegisterNotReady);
  EXPECT_EQ(world.open().value()->state().reason, RegisterReason::kTooOld);  // over a restart
}

TEST(SealedRegister, ClockBeforeTheLastContactRefuses) {
  RegisterWorld world;
  const auto target = world.open().value();
  ASSERT_TRUE(world.import(*target, sample::extract(sample::content(1))).has_value());
  world.clock.step_utc(-std::chrono::seconds(60));
  EXPECT_TRUE(target->snapshot().has_value());
  world.clock.step_utc(-std::chrono::seconds(1));
  EXPECT_EQ(target->state().reason, RegisterReason::kClockDoubted);
}

// Goal: no stored bit can change unseen. Method: flip one bit at a stride through every file, open.
TEST(SealedRegister, FlipInAnyStoredByteRefuses) {
  RegisterWorld world;
  ASSERT_TRUE(world.import(*world.open().value(), sample::extract(sample::content(4))).has_value());
  std::size_t flips = 0;
  for (const auto& path : world.stored_files()) {
    const auto good = world.files.content(path);
    for (std::size_t at = 0; at < good.size(); at += good.size() < 600 ? 1U : 97U) {
      // Slack of the root's slots holds nothing: only the sealed root itself is read.
      if (path.ends_with("root.slots") && at >= 16 + 60) continue;
      auto bad = good;
      bad[at] ^= 0x10;
      world.files.set_content(path, bad);
      const auto opened = world.open();
      EXPECT_FALSE(opened.has_value()) << path << " " << at;
      ++flips;
    }
    world.files.set_content(path, good);
  }
  EXPECT_GT(flips, 500U);
  EXPECT_TRUE(world.open().has_value());
}

TEST(SealedRegister, CutFilesRefuse) {
  RegisterWorld world;
  ASSERT_TRUE(
      world.import(*world.open().value(), sample::extract(sample::content(50))).has_value());
  for (const auto& path : world.stored_files()) {
    const auto good = world.files.content(path);
    world.files.set_content(path, ByteView(good).first(good.size() / 2));
    EXPECT_FALSE(world.open().has_value()) << path;
    world.files.set_content(path, {});
    EXPECT_FALSE(world.open().has_value()) << path;
    world.files.set_content(path, good);
  }
}

// Where overwriting is no proof, an erasure would be none.
TEST(SealedRegister, RefusesAFileSystemThatKeepsWhatWasOverwritten) {  // R21, R51
  RegisterWorld world;
  for (const auto kind : {Overwriting::kKeepsOld, Overwriting::kJournaled}) {
    world.files.set_overwriting(kind);
    EXPECT_EQ(world.open().error().code, ErrorCode::kOverwriteUnsafe);
    auto settings = world.settings;
    settings.folder = "/s/other";
    settings.outer_key = "/s/other.key";
    EXPECT_EQ(SealedRegister::init(world.env(), settings).error().code,
              ErrorCode::kOverwriteUnsafe);
    EXPECT_FALSE(SealedRegister::initialised(world.env(), settings));
  }
  world.settings.any_file_system = true;
  EXPECT_TRUE(world.open().has_value());
}

TEST(SealedRegister, OwnerOfEveryFileIsChecked) {  // R33
  RegisterWorld world;
  ASSERT_TRUE(world.import(*world.open().value(), sample::extract(sample::content(1))).has_value());
  world.settings.owner += 1;
  EXPECT_EQ(world.open().error().code, ErrorCode::kWrongOwner);
}

bool contains(ByteView bytes, std::string_view marker) {
  return as_text(bytes).find(marker) != std::string_view::npos;
}

// Goal: no resident's datum reaches the disk in the clear. Method: raw scan of every file, with a
// positive control that the scan finds what is there.
TEST(SealedRegister, RawScanFindsNoPlaintext) {  // R33, R38
  RegisterWorld world;
  auto content = sample::content(20);
  content.households[0].members[0].name = sample::text("秘密見本　一郎");
  ASSERT_TRUE(world.import(*world.open().value(), sample::extract(content)).has_value());
  const std::vector<std::string> markers{"秘密見本",   "土佐みなと市", "ミホン",
                                         "1980-02-29", "住民票の写し", "GENERAL"};
  const auto serial = sample::card_of(head(1)).serial;
  std::size_t bytes = 0;
  for (const auto& path : world.stored_files()) {
    const auto stored = world.files.content(path);
    bytes += stored.size();
    for (const auto& marker : markers) EXPECT_FALSE(contains(stored, marker)) << path << marker;
    EXPECT_FALSE(contains(stored, as_text(serial))) << path;
    EXPECT_FALSE(contains(stored, to_hex(serial))) << path;
    auto leaked = stored;
    leaked.insert(leaked.begin() + 3, markers[0].begin(), markers[0].end());
    EXPECT_TRUE(contains(leaked, markers[0]));
  }
  EXPECT_GT(bytes, 20'000U);
}

}  // namespace
}  // namespace certrelay
