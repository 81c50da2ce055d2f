#include "relay/registry/guard_rails.hpp"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

constexpr std::uint64_t kFileBytes = 1000;

Manifest manifest() {
  Manifest out{.municipality = MunicipalityCode::parse("392901").value()};
  out.generation = 2;
  for (const auto& table : extract_tables()) {
    out.files.push_back({std::string(table.file), kFileBytes, {}});
  }
  return out;
}

GenerationSeal base_of(const Manifest& before) {
  testing::SeededEntropy entropy{1};
  return {.generation = 1,
          .persons = 0,
          .households = 0,
          .cards = 0,
          .created = {},
          .base = {},
          .index = {},
          .index_keys = random_index_keys(entropy),
          .catalogue = {},
          .files = file_bytes_of(before)};
}

GenerationSeal base() { return base_of(manifest()); }

std::vector<std::string> rules(const ExtractPlan& plan, const Manifest& next) {
  const auto before = base();
  std::vector<std::string> out;
  for (const auto& rail : tripped_rails({2, 5, 10}, plan, next, &before)) {
    out.push_back(rail.finding.rule);
  }
  return out;
}

using Rules = std::vector<std::string>;

TEST(GuardRails, ShareOfDeletedPersonsTripsAboveTheLimitOnly) {
  ExtractPlan plan;
  plan.persons = {.added = 500, .changed = 0, .deleted = 20, .unchanged = 980};
  EXPECT_TRUE(rules(plan, manifest()).empty());
  plan.persons = {.added = 500, .changed = 0, .deleted = 21, .unchanged = 979};
  EXPECT_EQ(rules(plan, manifest()), Rules{"guard-deleted-persons"});
}

TEST(GuardRails, ShareOfDeletedCardsTripsAboveTheLimitOnly) {
  ExtractPlan plan;
  plan.cards = {.added = 0, .changed = 0, .deleted = 50, .unchanged = 950};
  EXPECT_TRUE(rules(plan, manifest()).empty());
  plan.cards = {.added = 0, .changed = 0, .deleted = 51, .unchanged = 949};
  EXPECT_EQ(rules(plan, manifest()), Rules{"guard-deleted-cards"});
}

TEST(GuardRails, EachFileThatShrinksByMoreTrips) {
  auto next = manifest();
  for (auto& file : next.files) file.bytes = 900;
  EXPECT_TRUE(rules({}, next).empty());
  next.files[3].bytes = 899;
  next.files[6].bytes = 0;
  EXPECT_EQ(rules({}, next), (Rules{"guard-shrinking-file", "guard-shrinking-file"}));
}

// What the changes took away since, the extract cannot contain; what they added, it must.
TEST(GuardRails, TablesAreWeighedAgainstTheRegisterAsItStands) {
  auto before = base();
  before.persons = before.households = before.cards = 1000;
  auto next = manifest();
  for (auto& file : next.files) file.bytes = 800;
  ExtractPlan plan;
  plan.persons.unchanged = plan.households.unchanged = plan.cards.unchanged = 800;
  const auto records = [&] {
    Rules out;
    for (const auto& rail : tripped_rails({2, 5, 10}, plan, next, &before)) {
      const bool scaled = rail.finding.record == "persons.csv" ||
                          rail.finding.record == "households.csv" ||
                          rail.finding.record == "cards.csv";
      if (scaled) out.push_back(rail.finding.record);
    }
    return out;
  };
  EXPECT_TRUE(records().empty());
  plan.persons.unchanged = 888;  // of 888 bytes a tenth and no more
  EXPECT_TRUE(records().empty());
  plan.persons.unchanged = 889;
  EXPECT_EQ(records(), Rules{"persons.csv"});
}

TEST(GuardRails, ImagesAreLookedAtTogether) {
  auto full = manifest();
  full.files.insert(full.files.begin() + 4, {{"images/a.png", 600, {}}, {"images/b.png", 400, {}}});
  const auto before = base_of(full);
  auto next = full;
  next.files.erase(next.files.begin() + 4);
  const auto tripped = tripped_rails({2, 5, 10}, {}, next, &before);
  ASSERT_EQ(tripped.size(), 1U);
  EXPECT_EQ(tripped[0].finding.record, "images/");
}

TEST(GuardRails, OlderGenerationTrips) {
  auto next = manifest();
  next.generation = 7;
  auto before = base();
  before.generation = 8;
  const auto tripped = tripped_rails({2, 5, 10}, {}, next, &before);
  ASSERT_EQ(tripped.size(), 1U);
  EXPECT_EQ(tripped[0].code, ErrorCode::kOlderGeneration);
}

TEST(GuardRails, FirstExtractHasNothingToBeComparedWith) {
  ExtractPlan plan;
  plan.persons.added = 5;
  EXPECT_TRUE(tripped_rails({0, 0, 0}, plan, manifest(), nullptr).empty());
}

TEST(GuardRails, ZeroMeansEveryDeletionAndAHundredNone) {
  const auto before = base();
  ExtractPlan plan;
  plan.persons = {.added = 0, .changed = 0, .deleted = 1, .unchanged = 999'999};
  EXPECT_EQ(tripped_rails({0, 100, 100}, plan, manifest(), &before).size(), 1U);
  plan.persons = {.added = 0, .changed = 0, .deleted = 1'000'000, .unchanged = 0};
  EXPECT_TRUE(tripped_rails({100, 100, 100}, plan, manifest(), &before).empty());
}

TEST(GuardRails, SaysHowMuchAndWhatToDo) {
  const auto before = base();
  ExtractPlan plan;
  plan.persons = {.added = 0, .changed = 0, .deleted = 21, .unchanged = 979};
  const auto tripped = tripped_rails({2, 5, 10}, plan, manifest(), &before);
  EXPECT_EQ(tripped.at(0).finding.mend,
            "住民の消除が21件（2.1%）で、上限の2%を超えています。2人目の担当者の承認が必要です。");
}

}  // namespace
}  // namespace certrelay
