// Goal: a change that is sent again is told from another one under its number, and what that takes
// is of no use to who guesses the data of an erased person (decision 0102, R21, R51). Method: a
// guess is the very body; it is asked for as the source system would, and looked for in all that
// today's root opens.
#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/base/sha256.hpp"
#include "relay/registry/generation_seal.hpp"
#include "relay/registry/register_names.hpp"
#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;

struct Repeats : ::testing::Test {
  // "" for the same acknowledgement again, else the reason.
  ErrorCode again(std::uint64_t sequence, ByteView body) {
    const auto outcome = world.send(sequence, body);
    if (!outcome) return outcome.error().code;
    EXPECT_TRUE(outcome.value().repeated);
    return ErrorCode::kNone;
  }
  // Sends household `number` with a new address; the body.
  Bytes moved(std::uint64_t sequence, std::uint64_t number) {
    auto rows = world.rows(number);
    rows.household.address = sample::text("土佐みなと市新町二丁目見本");
    auto body = ChangeWorld::body({.households = {rows}});
    EXPECT_TRUE(world.send(sequence, body).has_value());
    return body;
  }
  Bytes deleted(std::uint64_t sequence, std::uint64_t person) {
    auto body = ChangeWorld::body({.deleted = {person_id(person)}});
    EXPECT_TRUE(world.send(sequence, body).has_value());
    return body;
  }
  void erase(std::vector<std::uint64_t> persons) {
    ASSERT_TRUE(world.reg->destroy_keys(std::move(persons)).has_value());
  }

  ChangeWorld world;
  const Bytes other = ChangeWorld::body({.deleted = {person_id(61)}});
};

TEST_F(Repeats, GuessOfAnErasedPersonsChangeIsNeitherConfirmedNorDenied) {
  const auto body = moved(1, 3);  // 31 lives alone
  deleted(2, 31);
  EXPECT_EQ(again(1, body), ErrorCode::kNone);
  EXPECT_EQ(again(1, other), ErrorCode::kChangeConflict);
  erase({31});
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
    EXPECT_EQ(again(1, other), ErrorCode::kAnswerGone);
    world.reopen();
  }
  ASSERT_TRUE(world.reg->drop_residue().has_value());
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
  EXPECT_EQ(again(1, other), ErrorCode::kAnswerGone);
}

TEST_F(Repeats, ErasureOfOneMemberEndsTheComparisonOfTheHouseholdsChange) {
  const auto body = moved(1, 1);  // 11 12 13
  erase({13});
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
}

TEST_F(Repeats, ErasureOfAnotherLeavesTheRestComparable) {
  const auto body = moved(1, 1);
  const auto left = deleted(2, 31);
  erase({31});
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(again(1, body), ErrorCode::kNone);
    EXPECT_EQ(again(1, other), ErrorCode::kChangeConflict);
    // Of whom it deletes it says the opaque id alone: the very request goes on being answered.
    EXPECT_EQ(again(2, left), ErrorCode::kNone);
    EXPECT_EQ(again(2, other), ErrorCode::kChangeConflict);
    world.reopen();
  }
}

TEST_F(Repeats, WhoComesAgainUnderTheIdBringsNoComparisonBack) {
  const auto body = moved(1, 3);
  erase({31});
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
  const auto later = moved(2, 3);  // a new key under the same id
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
  EXPECT_EQ(again(1, other), ErrorCode::kAnswerGone);
  EXPECT_EQ(again(2, later), ErrorCode::kNone);
}

// What it tells belongs to no record: whoever it is about may be the next who is erased.
TEST_F(Repeats, ChangePutAsideIsComparableUntilAnyErasure) {
  auto rows = world.rows(1);
  rows.household.member_count = 9;
  const auto body = ChangeWorld::body({.households = {rows}});
  ASSERT_FALSE(world.send(1, body).value().acknowledgement.quarantined.empty());
  world.reopen();
  EXPECT_EQ(again(1, body), ErrorCode::kNone);
  EXPECT_EQ(again(1, other), ErrorCode::kChangeConflict);
  erase({61});
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
  world.reopen();
  EXPECT_EQ(again(1, body), ErrorCode::kAnswerGone);
}

TEST_F(Repeats, CardOfNobodyIsComparableUntilAnyErasure) {
  const auto removed = [](std::uint64_t person) {
    return ChangeWorld::body({.cards_removed = {card_key(person)}});
  };
  ASSERT_TRUE(world.send(1, removed(11)).has_value());   // 11's
  ASSERT_TRUE(world.send(2, removed(999)).has_value());  // nobody's, perhaps of an erased person
  RegisterChange with_card{.deleted = {person_id(31)}, .cards_removed = {card_key(31)}};
  ASSERT_TRUE(world.send(3, with_card).has_value());
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    EXPECT_EQ(again(sequence, other), ErrorCode::kChangeConflict) << sequence;
  }
  erase({61});
  EXPECT_EQ(again(1, removed(11)), ErrorCode::kNone);
  EXPECT_EQ(again(2, removed(999)), ErrorCode::kAnswerGone);
  EXPECT_EQ(again(3, ChangeWorld::body(with_card)), ErrorCode::kAnswerGone);
}

// All that the root of today opens of the log, put one after the other.
Bytes clear_log(ChangeWorld& world) {
  const auto folder = world.settings.folder + "/";
  StoredOuterKey outer(world.files, world.settings.outer_key, FileRule{world.settings.owner, 0600});
  const auto slots = RootSlots::open(world.files, folder + "root.slots",
                                     FileRule{world.settings.owner, 0600}, outer);
  const auto bytes = world.files.read_all(folder + "CURRENT", 4096).value();
  const Key256* root = slots.value().root(epoch_of_current(bytes).value()).value();
  const auto current = open_current(bytes, *root).value();
  Bytes out;
  const auto visit = [&](const SealedLog::Frame& frame) -> Result<void> {
    out.insert(out.end(), frame.meta.begin(), frame.meta.end());
    return ok();
  };
  EXPECT_TRUE(SealedLog::open(world.files, world.entropy, folder + current.overlay,
                              FileRule{world.settings.owner, 0600},
                              {"certrelay overlay v1", current.generation},
                              Key256(current.overlay_key), 1, visit)
                  .has_value());
  return out;
}

TEST_F(Repeats, DigestOfTheBodyIsNowhereInTheOpenedLog) {
  const auto body = moved(1, 3);
  const auto left = deleted(2, 31);
  for (int run = 0; run < 2; ++run) {
    const auto clear = clear_log(world);
    ASSERT_GT(clear.size(), 200U);
    for (const auto& one : {body, left}) {
      const auto digest = sha256(one);
      EXPECT_EQ(std::search(clear.begin(), clear.end(), digest.begin(), digest.end()), clear.end());
    }
    erase({31});
  }
}

// A number has eleven free digits: who knows all else of a body finds it by its digest at once.
TEST(RepeatsOfNumbers, ChangeThatBroughtANumberEndsWithTheNumberAndTheDeathDoesNot) {
  RegisterWorld world(true);
  auto reg = world.open().value();
  const auto content = sample::numbered(3);
  ASSERT_TRUE(world.import(*reg, sample::extract(content)).has_value());
  const auto send = [&](std::uint64_t sequence, const RegisterChange& change) {
    world.clock.pass(std::chrono::milliseconds(1));
    const auto body = encode(change, IndividualNumbers::kHeld).value();
    const auto done = reg->change({1, sequence, world.clock.utc_now()}, body);
    return done ? ErrorCode::kNone : done.error().code;
  };
  const auto& family = content.households[0];  // 11 12 13
  const RegisterChange moved{.households = {{family.household, 1, family.members, {1, 2, 3}}}};
  const RegisterChange card{.cards_removed = {card_key(12)}};
  const RegisterChange death{.deceased = {person_id(12)}};
  ASSERT_EQ(send(1, moved), ErrorCode::kNone);
  ASSERT_EQ(send(2, card), ErrorCode::kNone);
  ASSERT_EQ(send(3, death), ErrorCode::kNone);
  EXPECT_EQ(send(1, moved), ErrorCode::kNone);
  ASSERT_TRUE(reg->end_numbers().has_value());
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(send(1, moved), ErrorCode::kAnswerGone);
    EXPECT_EQ(send(1, death), ErrorCode::kAnswerGone);
    EXPECT_EQ(send(2, card), ErrorCode::kNone);
    EXPECT_EQ(send(3, death), ErrorCode::kNone);
    EXPECT_EQ(send(3, card), ErrorCode::kChangeConflict);
    reg.reset();
    reg = world.open().value();
  }
}

}  // namespace
}  // namespace certrelay
