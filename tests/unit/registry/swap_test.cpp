// Goal: a new generation comes in force under load without a failed request, and a household that
// it changes is not handed out as it was (INV-5, INV-6). Method: the register's own files, issuance
// as a center drives it, and a swap at the worst moment or from another thread.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/issuance_world.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kHouseholds = 24;

constexpr std::uint64_t sample_head(std::uint64_t household) { return household * 10 + 1; }

sample::Content city(std::uint64_t generation) {
  auto content = sample::content(kHouseholds);
  content.generation = generation;
  // What issuance needs beside the register's own sample.
  content.catalogue = testing::sample_catalogue();
  // Every generation changes one household, and adds one.
  if (generation > 1) {
    content.households[0].household.address =
        sample::text("土佐みなと市本町" + std::to_string(generation) + "番見本号");
    content.households.push_back(sample::household(1000 + generation, 1));
  }
  return content;
}

struct SwapWorld {
  SwapWorld() {
    store.settings.extract_age_max = std::chrono::hours(24 * 365);
    reg = store.open().value();
    CERTRELAY_CHECK(store.import(*reg, sample::extract(city(1))).has_value());
    world.emplace(1, reg.get());
    world->cards.issuer_der = sample::issuer_der();
  }
  // The whole way of one certificate; "" or the problem's code.
  std::string issue(std::uint64_t household) {
    const auto serial = sample::card_of(sample::person_id(household * 10 + 1)).serial;
    const auto id = world->fresh_id();
    const auto inquiry = world->inquire(id, serial);
    if (inquiry.status != 200) return "inquiry " + testing::IssuanceWorld::problem_of(inquiry);
    const auto answer = world->issue(id, testing::IssuanceWorld::take_all(inquiry));
    if (answer.status == 200) return {};
    return testing::IssuanceWorld::problem_of(answer);
  }
  // The next generation comes in force after the page was made and before its intent is ordered.
  void swap_before_next_intent(std::uint64_t generation) {
    const auto extract = sample::extract(city(generation));
    sample::MemoryFiles source(extract);
    Diagnostics diagnostics;
    next_ = reg->build(extract.manifest, source, diagnostics).value();
    world->ledger.before_order = [this](const Entry& entry) {
      if (entry.kind != EntryKind::kProvisionIntent || !next_) return;
      CERTRELAY_CHECK(reg->activate(*next_, store.clock.utc_now()).has_value());
      next_.reset();
    };
  }

  RegisterWorld store;
  std::unique_ptr<SealedRegister> reg;
  std::optional<testing::IssuanceWorld> world;
  std::optional<SealedRegister::Built> next_;
};

TEST(Swap, UntouchedHouseholdIsIssuedAcrossASwap) {
  SwapWorld world;
  EXPECT_EQ(world.issue(2), "");
  world.swap_before_next_intent(2);
  EXPECT_EQ(world.issue(2), "");
  EXPECT_EQ(world.reg->state().version.generation, 2U);
  EXPECT_EQ(world.issue(2), "");
}

TEST(Swap, ChangedHouseholdIsRefusedAcrossASwapAndIssuedAnew) {  // INV-6
  SwapWorld world;
  world.swap_before_next_intent(2);
  EXPECT_EQ(world.issue(1), "register_changed");
  EXPECT_EQ(world.issue(1), "");
}

// What each swap touched is known for the last four; a page of before is refused.
TEST(Swap, PageOutlivesFourSwapsAndNotFive) {
  SwapWorld world;
  const auto untouched = sample::household_id(2);
  const auto old = world.reg->snapshot().value()->version();
  for (std::uint64_t generation = 2; generation <= 5; ++generation) {
    ASSERT_TRUE(world.store.import(*world.reg, sample::extract(city(generation))).has_value());
    EXPECT_TRUE(world.reg->still_current(old, untouched).has_value()) << generation;
    EXPECT_EQ(world.reg->still_current(old, sample::household_id(1)).error().code,
              ErrorCode::kRegisterChanged);
  }
  ASSERT_TRUE(world.store.import(*world.reg, sample::extract(city(6))).has_value());
  EXPECT_EQ(world.reg->still_current(old, untouched).error().code, ErrorCode::kRegisterChanged);
}

// No plan knows who was erased: neither before the swap nor after it.
TEST(Swap, PageDoesNotOutliveAnErasureAndASwap) {  // R51
  for (const bool before : {true, false}) {
    SwapWorld world;
    const auto untouched = sample::household_id(2);
    const auto old = world.reg->snapshot().value()->version();
    if (before) {
      ASSERT_TRUE(world.reg->destroy_keys({sample_head(3)}).has_value());
    }
    ASSERT_TRUE(world.store.import(*world.reg, sample::extract(city(2))).has_value());
    if (!before) {
      EXPECT_TRUE(world.reg->still_current(old, untouched).has_value());
      ASSERT_TRUE(world.reg->destroy_keys({sample_head(3)}).has_value());
    }
    EXPECT_EQ(world.reg->still_current(old, untouched).error().code, ErrorCode::kRegisterChanged);
  }
}

TEST(Swap, GenerationsComeInForceUnderLoadWithoutAFailedRequest) {
  constexpr std::uint64_t kGenerations = 5;
  SwapWorld world;
  std::atomic<bool> ended = false;
  std::thread source_system([&] {
    for (std::uint64_t generation = 2; generation <= kGenerations; ++generation) {
      CERTRELAY_CHECK(
          world.store.import(*world.reg, sample::extract(city(generation))).has_value());
    }
    ended = true;
  });
  std::size_t issued = 0;
  // Household 1 is another in every generation; all others must be issued whatever happens.
  for (std::uint64_t at = 2; !ended || issued < 3 * kHouseholds; at = at % kHouseholds + 1) {
    if (at == 1) continue;
    EXPECT_EQ(world.issue(at), "") << at;
    ++issued;
  }
  source_system.join();
  EXPECT_EQ(world.reg->state().version.generation, kGenerations);
  // Once nobody reads them, only the last generation's files are left.
  world.reg->remove_retired();
  std::size_t bases = 0;
  for (const auto& file : world.store.stored_files()) bases += file.ends_with(".base") ? 1U : 0U;
  EXPECT_EQ(bases, 1U);
}

}  // namespace
}  // namespace certrelay
