// Goal: an extract comes in force at the time that its sender named, and whatever becomes of it the
// one before prints nothing past that time (INV-5, INV-6).
#include <gtest/gtest.h>

#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(ScheduledExtract, ComesInForceAtItsTime) {
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  const auto id = world.send(generation(2));
  const auto at = UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) +
                  std::chrono::hours(2);
  ASSERT_EQ(world.activate(id, 2, at).status, 200);
  EXPECT_EQ(world.report(id).state, ExtractState::kScheduled);
  EXPECT_EQ(world.status().scheduled_at, at);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kActivationScheduled);
  EXPECT_EQ(world.ledger.last().occurred_at, at);
  world.clock.pass(std::chrono::minutes(119));
  world.tick();
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  world.clock.pass(std::chrono::minutes(1));
  world.tick();
  EXPECT_EQ(world.reg->state().version.generation, 2U);
  EXPECT_EQ(world.report(id).state, ExtractState::kActive);
  EXPECT_FALSE(world.status().scheduled_at.has_value());
}

// A change of town names holds from midnight: the page says the old name until then.
TEST(ScheduledExtract, TownNamesChangeAtMidnight) {
  VerbsWorld world;
  auto content = sample::content(3);
  ASSERT_EQ(world.activate(world.send(sample::extract(content)), 1).status, 200);
  content.generation = 2;
  for (auto& household : content.households) {
    household.household.address = sample::text("土佐みなと市新港町１番見本号");
  }
  const auto id = world.send(sample::extract(content));
  EXPECT_EQ(world.report(id).plan.households, (PlanCounts{0, 3, 0, 0}));
  const auto midnight = parse_rfc3339("2026-11-23T00:00:00+09:00").value();
  ASSERT_EQ(world.activate(id, 2, midnight).status, 200);
  const auto address = [&] {
    const auto snapshot = world.reg->snapshot().value();
    return std::string(
        snapshot->household_of(sample::person_id(11)).value().household.address.reveal());
  };
  world.clock.pass(midnight - world.clock.utc_now() - std::chrono::milliseconds(1));
  world.tick();
  EXPECT_EQ(address(), "土佐みなと市本町一丁目１番見本号");
  world.clock.pass(std::chrono::milliseconds(1));
  world.tick();
  EXPECT_EQ(address(), "土佐みなと市新港町１番見本号");
}

struct ScheduledWorld : VerbsWorld {
  ScheduledWorld() {
    EXPECT_EQ(activate(send(generation(1)), 1).status, 200);
    id.emplace(send(generation(2)));
    at = UtcTime(std::chrono::floor<seconds>(clock.utc_now())) + hours(2);
    EXPECT_EQ(activate(*id, 2, at).status, 200);
  }
  void pass_to(UtcTime time) { clock.pass(time - clock.utc_now()); }
  // As after a restart: what is on the disk, and nothing of the pushes.
  std::unique_ptr<SealedRegister> restarted() { return open().value(); }
  std::optional<ExtractId> id;
  UtcTime at;
};

TEST(ScheduledExtract, ThatARestartLostEndsTheOldOneAtItsTime) {
  ScheduledWorld world;
  const auto reg = world.restarted();
  EXPECT_TRUE(reg->state().ready());
  world.pass_to(world.at + seconds(5) - std::chrono::milliseconds(1));
  EXPECT_TRUE(reg->state().ready());
  world.pass_to(world.at + seconds(5));
  EXPECT_EQ(reg->state().reason, RegisterReason::kTooOld);
  EXPECT_EQ(reg->snapshot().error().code, ErrorCode::kRegisterNotReady);
  EXPECT_FALSE(world.restarted()->state().ready());
}

TEST(ScheduledExtract, ThatIsRefusedAtItsTimeEndsTheOldOneToo) {
  ScheduledWorld world;
  world.pass_to(world.at - seconds(1));
  // A change after the extract was made: it lacks it, and cannot follow.
  ASSERT_EQ(world.change(1, RegisterChange{}).status, 200);
  world.pass_to(world.at);
  world.tick();
  EXPECT_EQ(world.report(*world.id).state, ExtractState::kRejected);
  EXPECT_TRUE(world.reg->state().ready());
  world.pass_to(world.at + seconds(5));
  EXPECT_FALSE(world.reg->state().ready());
  auto mended = generation(3);
  mended.manifest.base_generation = 1;
  mended.manifest.last_change = 1;
  ASSERT_EQ(world.activate(world.send(mended), 3).status, 200);
  EXPECT_TRUE(world.reg->state().ready());
}

TEST(ScheduledExtract, IsStillExpectedAfterAnEarlierGenerationCameInForce) {
  ScheduledWorld world;
  const auto fourth = world.send(generation(4));
  ASSERT_EQ(world.activate(fourth, 4, world.at + hours(1)).status, 200);
  world.pass_to(world.at);
  world.tick();
  EXPECT_EQ(world.reg->state().version.generation, 2U);
  world.pass_to(world.at + hours(1) + seconds(5));
  world.tick();  // it was planned against another generation than the one in force
  EXPECT_EQ(world.report(fourth).state, ExtractState::kRejected);
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kTooOld);
  EXPECT_FALSE(world.restarted()->state().ready());
}

TEST(ScheduledExtract, EndsWithALaterOneInForce) {
  ScheduledWorld world;
  const auto third = world.send(generation(3));
  ASSERT_EQ(world.activate(third, 3).status, 200);
  world.pass_to(world.at + seconds(5));
  world.tick();
  EXPECT_EQ(world.report(*world.id).state, ExtractState::kRejected);
  EXPECT_TRUE(world.reg->state().ready()) << "what is in force is newer than what was announced";
  EXPECT_TRUE(world.restarted()->state().ready());
}

}  // namespace
}  // namespace certrelay
