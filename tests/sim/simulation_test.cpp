// Goal: whatever repeats, delays, reorderings, crashes, swaps, changes, erasures and clock steps a
// seed draws, no invariant of the incidents is broken (INV-1 to INV-11, INV-13).
// CERTRELAY_SIM_SEED=n replays one run, CERTRELAY_SIM_RUNS=n makes that many.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/sim/simulation.hpp"

namespace certrelay {
namespace {

using testing::SimResult;
using testing::simulate;

constexpr std::size_t kTransactionsARun = 250;
constexpr std::uint64_t kRuns = 80;  // 20,000 transactions

std::optional<std::uint64_t> number_from(const char* name) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

std::string to_text(const std::map<ErrorCode, std::size_t>& reasons) {
  std::string out;
  for (const auto& [reason, count] : reasons) {
    out += " " + std::to_string(static_cast<int>(reason)) + ": " + std::to_string(count) + ",";
  }
  return out;
}

// No invariant is broken, and whatever the seed did to it, the relay came back and served all.
void expect_whole(std::uint64_t seed, const SimResult& result) {
  for (const auto& line : result.broken) {
    ADD_FAILURE() << line << "\nreplay: CERTRELAY_SIM_SEED=" << seed
                  << " sim_test --gtest_filter=Simulation.*";
  }
  EXPECT_EQ(result.alarm, ErrorCode::kNone) << "seed " << seed;
  EXPECT_GE(result.opened, kTransactionsARun)
      << "seed " << seed << ": closed for too long; 503 for" << to_text(result.shed_for);
}

TEST(Simulation, NoInvariantIsBrokenInTwentyThousandTransactions) {
  const auto only = number_from("CERTRELAY_SIM_SEED");
  const auto first = only.value_or(1);
  const auto runs = only ? 1 : number_from("CERTRELAY_SIM_RUNS").value_or(kRuns);
  SimResult sum;
  for (auto seed = first; seed < first + runs; ++seed) {
    const auto got = simulate({.seed = seed, .transactions = kTransactionsARun});
    expect_whole(seed, got);
    sum.opened += got.opened, sum.documents += got.documents, sum.repeats += got.repeats;
    sum.refused += got.refused, sum.shed += got.shed, sum.changes += got.changes;
    sum.swaps += got.swaps, sum.crashes += got.crashes, sum.erased += got.erased;
    sum.clock_steps += got.clock_steps, sum.lost += got.lost;
    sum.pieces.read += got.pieces.read, sum.pieces.unread += got.pieces.unread;
  }
  std::printf(
      "opened %zu, documents %zu, repeats %zu, refused %zu (503: %zu), changes %zu, swaps %zu, "
      "crashes %zu, erasures %zu, clock steps %zu, answers lost %zu, pieces %zu\n",
      sum.opened, sum.documents, sum.repeats, sum.refused, sum.shed, sum.changes, sum.swaps,
      sum.crashes, sum.erased, sum.clock_steps, sum.lost, sum.pieces.read);
  if (only) return;
  // A run in which nothing happens proves nothing.
  EXPECT_GE(sum.opened, runs * kTransactionsARun);
  EXPECT_GE(sum.documents, sum.opened / 5);
  EXPECT_GE(sum.pieces.read, sum.opened);
  EXPECT_EQ(sum.pieces.unread, 0U);
  for (const auto happened : {sum.repeats, sum.shed, sum.changes, sum.swaps, sum.crashes,
                              sum.erased, sum.clock_steps, sum.lost}) {
    EXPECT_GE(happened, runs / 8);
  }
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  const auto first = simulate({.seed = 77, .transactions = 60});
  const auto again = simulate({.seed = 77, .transactions = 60});
  EXPECT_EQ(first.opened, again.opened);
  EXPECT_EQ(first.documents, again.documents);
  EXPECT_EQ(first.refused, again.refused);
  EXPECT_EQ(first.changes, again.changes);
  EXPECT_EQ(first.crashes, again.crashes);
}

}  // namespace
}  // namespace certrelay
