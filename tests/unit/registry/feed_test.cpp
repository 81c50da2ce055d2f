// Goal: number, repetition, gap, silence and holds as rules.md says, over restarts and power cuts.
#include <gtest/gtest.h>

#include "protocol/extract/block_digest.hpp"
#include "protocol/extract/card_table.hpp"
#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;
using std::chrono::hours;
using std::chrono::minutes;

TEST(RegisterFeed, RepeatedNumberWithTheSameBodyGetsTheSameAcknowledgement) {
  ChangeWorld world;
  auto bad = world.rows(1);
  bad.household.member_count = 9;
  const auto good_body = ChangeWorld::body({.deleted = {person_id(31)}});
  const auto bad_body = ChangeWorld::body({.households = {bad}});
  const auto first = encode(world.send(1, good_body).value().acknowledgement).value();
  const auto second = encode(world.send(2, bad_body).value().acknowledgement).value();
  for (int restart = 0; restart < 2; ++restart) {
    world.clock.pass(minutes(1));
    const auto again = world.send(1, good_body).value();
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(encode(again.acknowledgement).value(), first);
    EXPECT_EQ(encode(world.send(2, bad_body).value().acknowledgement).value(), second);
    EXPECT_EQ(world.send(1, bad_body).error().code, ErrorCode::kChangeConflict);
    world.reopen();
  }
  EXPECT_EQ(world.reg->state().version, (RegisterVersion{1, 2}));
}

TEST(RegisterFeed, GapStopsAllAndTheMissingChangesReopen) {
  ChangeWorld world;
  EXPECT_EQ(world.send(3, RegisterChange{}).error().code, ErrorCode::kChangeGap);
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap);
  EXPECT_EQ(world.reg->snapshot().error().code, ErrorCode::kRegisterNotReady);
  EXPECT_EQ(world.reg->still_current({1, 0}, sample::household_id(5)).error().code,
            ErrorCode::kRegisterNotReady);
  world.reopen();
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap);
  EXPECT_EQ(world.rule_of({}, 1), "");
  EXPECT_EQ(world.rule_of({}, 2), "");
  EXPECT_FALSE(world.reg->state().ready());
  EXPECT_EQ(world.rule_of({}, 3), "");
  EXPECT_TRUE(world.reg->state().ready());
}

TEST(RegisterFeed, HeartbeatThatNamesMoreThanCameIsAGapAndOneThatNamesLessIsRefused) {
  ChangeWorld world;
  ASSERT_EQ(world.rule_of({}), "");
  EXPECT_EQ(world.beat(0).error().code, ErrorCode::kHeartbeatBehind);
  EXPECT_TRUE(world.beat(1).has_value());
  EXPECT_TRUE(world.reg->state().ready());
  EXPECT_EQ(world.beat(2).error().code, ErrorCode::kChangeGap);
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap);
}

TEST(RegisterFeed, FullExtractReopensAGapWhenItContainsWhatWasAnnounced) {
  ChangeWorld world;
  ASSERT_EQ(world.rule_of({}), "");
  EXPECT_FALSE(world.send(4, RegisterChange{}).has_value());
  auto content = world.content;
  content.generation = 2;
  auto extract = sample::extract(content);
  const auto with = [&](std::uint64_t base, std::uint64_t last) {
    extract.manifest.base_generation = base;
    extract.manifest.last_change = last;
    const auto done = world.import(*world.reg, extract);
    return done ? ErrorCode::kNone : done.error().code;
  };
  EXPECT_EQ(with(0, 0), ErrorCode::kChangesNotContained);
  EXPECT_EQ(with(1, 3), ErrorCode::kChangesNotContained);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_EQ(with(1, 4), ErrorCode::kNone);
  EXPECT_TRUE(world.reg->state().ready());
  EXPECT_EQ(world.reg->state().version, (RegisterVersion{2, 0}));
  // Numbers begin again in the new generation, and the old one's are over.
  EXPECT_EQ(world.send(1, RegisterChange{}).error().code, ErrorCode::kWrongGeneration);
}

TEST(RegisterFeed, SilenceCountsOnceAnyChangeOrHeartbeatCame) {  // R50
  ChangeWorld world;
  world.settings.feed_silence_max = minutes(30);
  world.reopen();
  world.clock.pass(hours(20));
  EXPECT_TRUE(world.reg->state().ready());  // by extracts alone: 26 hours
  ASSERT_TRUE(world.beat(0).has_value());
  world.clock.pass(minutes(30));
  EXPECT_TRUE(world.reg->state().ready());  // at the bound
  EXPECT_TRUE(world.reg->state().near_bound());
  world.clock.pass(std::chrono::milliseconds(1));
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kTooOld);
  world.reopen();
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kTooOld);
  ASSERT_EQ(world.rule_of({}), "");
  EXPECT_TRUE(world.reg->state().ready());
}

TEST(RegisterFeed, SixSilentDaysServeAtOpeningWithThePromiseAndRefuseWithout) {
  for (const bool promised : {true, false}) {
    ChangeWorld world;
    world.settings.feed_silence_max = minutes(30);
    world.reopen();
    // 12/28 17:15 in Japan, the town hall closes; it opens again on 1/4 at 08:30.
    world.clock.step_utc(parse_rfc3339("2026-12-28T17:15:00+09:00").value() -
                         world.clock.utc_now());
    const auto opens = parse_rfc3339("2027-01-04T08:30:00+09:00").value();
    ASSERT_TRUE(world.beat(0, promised ? std::optional(opens) : std::nullopt).has_value());
    world.clock.pass(parse_rfc3339("2027-01-04T06:30:00+09:00").value() - world.clock.utc_now());
    world.files.power_cut();
    world.reopen();
    EXPECT_EQ(world.reg->state().ready(), promised);
    world.clock.pass(hours(2));
    EXPECT_EQ(world.reg->state().ready(), promised);  // at the promise's end
    world.clock.pass(std::chrono::seconds(1));
    EXPECT_FALSE(world.reg->state().ready());
  }
}

TEST(RegisterFeed, PromiseReachesEightDaysAndNotBack) {
  ChangeWorld world;
  const auto at = [&](std::chrono::milliseconds ahead) {
    return world.beat(0, world.clock.utc_now() + std::chrono::milliseconds(1) + ahead).has_value();
  };
  EXPECT_TRUE(at(kPromiseMax));
  EXPECT_FALSE(at(kPromiseMax + std::chrono::milliseconds(1)));
  EXPECT_FALSE(at(std::chrono::milliseconds(0)));
  EXPECT_TRUE(at(std::chrono::milliseconds(1)));
}

TEST(RegisterFeed, ChangeEndsThePromise) {
  ChangeWorld world;
  world.settings.feed_silence_max = minutes(30);
  world.reopen();
  ASSERT_TRUE(world.beat(0, world.clock.utc_now() + hours(48)).has_value());
  ASSERT_EQ(world.rule_of({}), "");
  world.clock.pass(minutes(31));
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kTooOld);
}

TEST(RegisterFeed, HoldClosesThePersonUntilTheNextChangeOfThatPerson) {
  ChangeWorld world;
  const auto before = world.snapshot()->version();
  const auto held = world.reg->hold(person_id(12), "決裁 2026-117").value();
  EXPECT_EQ(held.household, sample::household_id(1));
  EXPECT_EQ(held.subject, world.snapshot()->pseudonym(person_id(12)).value());
  EXPECT_EQ(world.reg->still_current(before, held.household).error().code,
            ErrorCode::kRegisterChanged);
  const auto closed = [&] {
    const auto view = world.snapshot()->household_of(person_id(11)).value();
    return view.members[1].applicant_gate == ApplicantGate::kHeld &&
           view.members[1].member_gate == MemberGate::kWindow &&
           view.members[0].member_gate == MemberGate::kOpen;
  };
  EXPECT_TRUE(closed());
  world.files.power_cut();
  world.reopen();
  EXPECT_TRUE(closed());
  EXPECT_EQ(world.reg->holds().front().reason, "決裁 2026-117");
  ASSERT_EQ(world.rule_of({.deceased = {person_id(21)}}), "");  // somebody else's
  EXPECT_TRUE(closed());
  ASSERT_EQ(world.rule_of({.households = {world.rows(1)}}, 2), "");
  EXPECT_FALSE(closed());
  EXPECT_TRUE(world.reg->holds().empty());
}

TEST(RegisterFeed, HoldOutlivesAnExtractAndEndsWithItsRelease) {
  ChangeWorld world;
  ASSERT_TRUE(world.reg->hold(person_id(12), "117").has_value());
  auto content = world.content;
  content.generation = 2;
  ASSERT_TRUE(world.import(*world.reg, sample::extract(content)).has_value());
  world.reopen();
  ASSERT_EQ(world.reg->holds().size(), 1U);
  ASSERT_TRUE(world.reg->release(person_id(12)).has_value());
  EXPECT_EQ(world.reg->release(person_id(12)).error().code, ErrorCode::kNotHeld);
  EXPECT_EQ(world.reg->hold(person_id(99), "117").error().code, ErrorCode::kUnknownPerson);
  world.reopen();
  EXPECT_EQ(world.snapshot()->household_of(person_id(12)).value().members[1].member_gate,
            MemberGate::kOpen);
}

// The source system's own side: the digests of what it has.
ReconciliationRequest stated(const sample::Content& content, std::uint64_t blocks) {
  ReconciliationRequest out{{1, 2, 3}, blocks, {}};
  for (std::uint64_t block = 0; block < blocks; ++block) {
    BlockDigest digest(out.nonce, blocks, block);
    for (const auto& household : content.households) {
      for (const auto& member : household.members) {
        if (to_number(member.person) % blocks != block) continue;
        const auto card = sample::card_of(member.person);
        digest.add(household.household, member, {sample::key_of(card)}, {card.valid_from});
      }
    }
    const auto persons = digest.persons();
    out.stated.push_back({block, persons, digest.finish()});
  }
  return out;
}

TEST(RegisterFeed, ReconciliationFindsTheBlockThatDiffersAndNoOther) {
  ChangeWorld world(40);
  EXPECT_TRUE(world.reg->reconcile(stated(world.content, 7)).value().differing.empty());
  ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
  auto answer = world.reg->reconcile(stated(world.content, 7)).value();
  ASSERT_EQ(answer.differing.size(), 1U);
  EXPECT_EQ(answer.differing[0].block, 31U % 7);
  EXPECT_EQ(answer.version, (RegisterVersion{1, 1}));
  auto content = world.content;
  content.households[2].members.clear();
  EXPECT_TRUE(world.reg->reconcile(stated(content, 7)).value().differing.empty());
  // Equal counts, another record.
  content.households[5].members[0].notified = sample::date("2020-01-01");
  EXPECT_EQ(world.reg->reconcile(stated(content, 7)).value().differing.size(), 1U);
}

// Goal: after a power cut either the old or the new state, whole, and never a lost acknowledgement.
// Method: die at every write of a change with a new person; cut, open, look, send it again.
TEST(RegisterFeed, PowerCutAtEveryWriteOfAChangeLeavesOldOrNewWhole) {
  bool finished = false;
  std::uint64_t deaths = 0;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    for (const std::uint64_t seed : {0U, 1U, 2U}) {
      ChangeWorld world;
      ASSERT_EQ(world.rule_of({.deleted = {person_id(61)}}), "");
      const auto fresh = sample::household(100, 2);
      const RegisterChange change{.households = {{fresh.household, 1, fresh.members, {1, 2}}},
                                  .deleted = {person_id(31)}};
      world.files.die_at(at);
      const bool acknowledged = world.send(2, change).has_value();
      finished = acknowledged;
      seed == 0 ? world.files.power_cut() : world.files.power_cut(seed * 1000 + at);
      world.reopen();
      EXPECT_EQ(world.reg->state().version.generation, 1U);
      const auto sequence = world.reg->state().version.sequence;
      ASSERT_TRUE(sequence == 2 || (sequence == 1 && !acknowledged)) << at;
      // Whatever happened, the very request again gives its acknowledgement.
      const auto again = world.send(2, change);
      ASSERT_TRUE(again.has_value()) << at << " " << again.error().where;
      EXPECT_EQ(again.value().repeated, sequence == 2);
      EXPECT_EQ(world.card_error(card_key(31)), ErrorCode::kUnknownPerson);
      EXPECT_EQ(world.card_error(card_key(61)), ErrorCode::kUnknownPerson);
      EXPECT_TRUE(world.snapshot()->household_of(person_id(1001)).has_value());
    }
  }
  EXPECT_GE(deaths, 4U);
}

TEST(RegisterFeed, PowerCutAtEveryWriteOfAnActivationLeavesOldOrNewWhole) {
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at) {
    ChangeWorld world;
    ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
    ASSERT_TRUE(world.reg->hold(person_id(12), "117").has_value());
    auto content = world.content;
    content.generation = 2;
    content.households.erase(content.households.begin() + 2);
    std::erase_if(content.cards, [](const auto& card) { return card.person == person_id(31); });
    auto extract = sample::extract(content);
    extract.manifest.base_generation = 1;
    extract.manifest.last_change = 1;
    world.files.die_at(at);
    finished = world.import(*world.reg, extract).has_value();
    world.files.power_cut(at);
    world.reopen();
    const auto version = world.reg->state().version;
    EXPECT_TRUE(version == (RegisterVersion{1, 1}) || version == (RegisterVersion{2, 0})) << at;
    if (finished) {
      EXPECT_EQ(version.generation, 2U);
    }
    EXPECT_NE(world.card_error(card_key(31)), ErrorCode::kNone);
    EXPECT_EQ(world.card_error(card_key(61)), ErrorCode::kNone);
    EXPECT_EQ(world.reg->holds().size(), 1U) << at;
  }
}

TEST(RegisterFeed, FullDiskRefusesTheChangeAndLeavesNothingOfIt) {
  for (const auto call : {testing::Call::kWrite, testing::Call::kSync}) {
    ChangeWorld world;
    const auto stored_bytes = [&world] {
      std::uint64_t sum = 0;
      for (const auto& path : world.stored_files()) sum += world.files.content(path).size();
      return sum;
    };
    const auto before = stored_bytes();
    world.files.fail_nth(call, 1, ErrorCode::kDiskFull);
    EXPECT_EQ(world.send(1, RegisterChange{.deleted = {person_id(31)}}).error().code,
              ErrorCode::kDiskFull);
    EXPECT_EQ(stored_bytes(), before + 512);  // the note that this number is on its way, no more
    EXPECT_EQ(world.reg->state().version.sequence, 0U);
    // The number is known to be sent: nothing is issued until it is in force.
    EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap);
    EXPECT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
    EXPECT_TRUE(world.reg->state().ready());
    world.files.power_cut();
    world.reopen();
    EXPECT_EQ(world.card_error(card_key(31)), ErrorCode::kUnknownPerson);
  }
}

// Goal: damage that no power cut explains is never taken for an unfinished write.
TEST(RegisterFeed, FlipInAnyFrameButTheLastRefusesToOpen) {
  ChangeWorld world;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    ASSERT_EQ(world.rule_of({.deceased = {person_id(number * 10 + 1)}}, number), "");
  }
  const auto files = world.stored_files();
  const auto log = std::find_if(files.begin(), files.end(),
                                [](const auto& path) { return path.ends_with(".log"); });
  const auto good = world.files.content(*log);
  const auto last = good.size() - 2048;  // a household's records take more than that
  for (std::size_t at = 0; at < last; at += 101) {
    auto bad = good;
    bad[at] ^= 0x04;
    world.files.set_content(*log, bad);
    const auto opened = world.open();
    // Slack behind a frame is zero, and must be.
    EXPECT_TRUE(!opened || opened.value()->state().version.sequence == 3) << at;
  }
}

}  // namespace
}  // namespace certrelay
