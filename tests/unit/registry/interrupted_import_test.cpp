// An import that ends before its time: a power cut, a failing disk, a full one.
#include <gtest/gtest.h>

#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

// Goal: old or new, whole, whatever the moment. Method: die at every change of an import, cut the
// power with every seed of a few, open, look.
TEST(InterruptedImport, PowerCutAtEveryWriteLeavesOldOrNewWhole) {
  const auto first = sample::extract(sample::content(3));
  auto next_content = sample::content(4);
  next_content.generation = 2;
  const auto next = sample::extract(next_content);
  std::uint64_t deaths = 0;
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    RegisterWorld world;
    ASSERT_TRUE(world.import(*world.open().value(), first).has_value());
    {
      const auto target = world.open().value();
      world.files.die_at(at);
      finished = world.import(*target, next).has_value();
    }
    world.files.power_cut(at);
    const auto again = world.open();
    ASSERT_TRUE(again.has_value()) << at << " " << again.error().where;
    const auto snapshot = again.value()->snapshot().value();
    const auto generation = snapshot->version().generation;
    if (finished) {
      EXPECT_EQ(generation, 2U);
    }
    EXPECT_TRUE(snapshot->household_of(head(3)).has_value());
    EXPECT_EQ(snapshot->household_of(head(4)).has_value(), generation == 2) << at;
    EXPECT_TRUE(world
                    .import(*again.value(), sample::extract([&] {
                      auto content = sample::content(2);
                      content.generation = 3;
                      return content;
                    }()))
                    .has_value());
  }
  EXPECT_GT(deaths, 15U);
}

// Goal: an activation that is refused never names files that its caller discards, whatever call of
// the disk failed and for how long. Method: fail each call of it in turn, once or from there on;
// discard as the caller does; then cut the power at once, or live on and cut it later.
struct FailedActivation {
  testing::Call call;
  std::uint64_t nth;
  std::uint64_t failures;
  bool power_cut_at_once;
};

// Whether the disk's call was reached.
bool activation_fails_whole(const FailedActivation& fault) {
  RegisterWorld world;
  auto reg = world.open().value();
  EXPECT_TRUE(world.import(*reg, sample::extract(sample::content(3))).has_value());
  const auto before = world.stored_files();
  auto content = sample::content(4);
  content.generation = 2;
  const auto extract = sample::extract(content);
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  auto built = std::optional(reg->build(extract.manifest, source, diagnostics).value());
  const auto calls = world.files.calls(fault.call);
  for (std::uint64_t i = 0; i < fault.failures; ++i) {
    world.files.fail_nth(fault.call, fault.nth + i, ErrorCode::kIoError);
  }
  const bool done = reg->activate(*built, world.clock.utc_now()).has_value();
  const bool reached = world.files.calls(fault.call) - calls >= fault.nth;
  EXPECT_EQ(reg->state().version.generation, done ? 2U : 1U);
  if (!done) reg->discard(*built);
  built.reset();
  world.files.heal();  // what was not reached must not fail the look-ups
  EXPECT_TRUE(reg->snapshot().value()->household_of(head(3)).has_value());
  if (!fault.power_cut_at_once) {
    EXPECT_TRUE(reg->hold(head(3), "2").has_value());
    EXPECT_TRUE(done || world.stored_files() == before);
  }
  reg.reset();
  world.files.power_cut(fault.nth);
  const auto again = world.open();
  EXPECT_TRUE(again.has_value()) << again.error().where;
  if (!again) return reached;
  const auto snapshot = again.value()->snapshot().value();
  const auto generation = snapshot->version().generation;
  EXPECT_TRUE(generation == (done ? 2U : 1U) || (!done && fault.power_cut_at_once));
  EXPECT_TRUE(snapshot->household_of(head(3)).has_value());
  EXPECT_EQ(snapshot->household_of(head(4)).has_value(), generation == 2);
  content.generation = 3;
  EXPECT_TRUE(world.import(*again.value(), sample::extract(content)).has_value());
  return reached;
}

TEST(InterruptedImport, ActivationThatFailsAtAnyCallLeavesOldOrNewWhole) {
  std::uint64_t faults = 0;
  for (const auto call : {testing::Call::kOpen, testing::Call::kRead, testing::Call::kWrite,
                          testing::Call::kTruncate, testing::Call::kSync, testing::Call::kRename,
                          testing::Call::kRemove, testing::Call::kSyncFolder}) {
    for (const std::uint64_t failures : {1U, 50U}) {
      for (const bool at_once : {true, false}) {
        for (std::uint64_t nth = 1;; ++nth, ++faults) {
          SCOPED_TRACE(std::to_string(static_cast<int>(call)) + "." + std::to_string(nth) + " x" +
                       std::to_string(failures) + (at_once ? " cut" : " live"));
          if (!activation_fails_whole({call, nth, failures, at_once})) break;
        }
      }
    }
  }
  EXPECT_GT(faults, 40U);
}

// The very first activation has no former one to put back.
TEST(InterruptedImport, FirstActivationThatFailsIsTakenBackWhole) {
  for (std::uint64_t nth = 1; nth <= 3; ++nth) {
    RegisterWorld world;
    auto reg = world.open().value();
    const auto before = world.stored_files();
    const auto extract = sample::extract(sample::content(3));
    sample::MemoryFiles source(extract);
    Diagnostics diagnostics;
    auto built = std::optional(reg->build(extract.manifest, source, diagnostics).value());
    for (std::uint64_t i = nth; i < 10; ++i) {
      world.files.fail_nth(testing::Call::kSyncFolder, i, ErrorCode::kIoError);
    }
    ASSERT_FALSE(reg->activate(*built, world.clock.utc_now()).has_value() && nth < 3) << nth;
    if (reg->state().version.generation == 1) continue;
    reg->discard(*built);
    built.reset();
    world.files.heal();
    ASSERT_TRUE(reg->settle_roots().has_value()) << nth;
    EXPECT_EQ(world.stored_files(), before) << nth;
    reg.reset();
    world.files.power_cut();
    auto again = world.open();
    ASSERT_TRUE(again.has_value()) << nth << " " << again.error().where;
    reg = std::move(again).value();
    ASSERT_TRUE(world.import(*reg, sample::extract(sample::content(2))).has_value()) << nth;
    reg.reset();
    world.files.power_cut();
    EXPECT_TRUE(world.open().value()->snapshot().value()->household_of(head(2)).has_value());
    EXPECT_EQ(world.stored_files().size(), before.size() + 7) << nth;
  }
}

TEST(InterruptedImport, FullDiskAtAnyWriteKeepsTheOldRegister) {
  auto content = sample::content(2000);
  content.generation = 2;
  const auto next = sample::extract(content);
  for (std::uint64_t nth = 1;; ++nth) {
    RegisterWorld world;
    const auto target = world.open().value();
    ASSERT_TRUE(world.import(*target, sample::extract(sample::content(3))).has_value());
    const auto before = world.stored_files();
    world.files.fail_nth(testing::Call::kWrite, nth, ErrorCode::kDiskFull);
    sample::MemoryFiles source(next);
    Diagnostics diagnostics;
    const auto built = target->build(next.manifest, source, diagnostics);
    Result<void> imported = built ? Result<void>(ok()) : built.error();
    if (built) imported = target->activate(built.value(), world.clock.utc_now());
    if (built && !imported) target->discard(built.value());  // as the registry's calls do
    if (imported) {
      EXPECT_GT(nth, 9U);  // the base in several writes, and each of the other files
      break;
    }
    EXPECT_EQ(imported.error().code, ErrorCode::kDiskFull) << nth;
    EXPECT_EQ(world.stored_files(), before) << nth;
    EXPECT_TRUE(target->snapshot().value()->household_of(head(3)).has_value()) << nth;
  }
}

}  // namespace
}  // namespace certrelay
