// Goal: an export of a part of the ledger verifies and says who may keep it until when.
#include "relay/ledger/ledger_export.hpp"

#include <gtest/gtest.h>

#include "protocol/record/retention.hpp"
#include "relay/ledger/verify.hpp"
#include "tests/unit/ledger/reading_world.hpp"

namespace certrelay {
namespace {

using testing::day;
using testing::Days;
using testing::entry_of;
using testing::Reading;
using testing::transaction;

// All pages' lines.
std::vector<std::string> lines_of(ExportPages& pages) {
  std::string text;
  for (std::size_t n = 0;; ++n) {
    const auto page = pages.page(n);
    if (!page) {
      EXPECT_EQ(page.error().code, ErrorCode::kNotFound);
      break;
    }
    text += as_text(page.value());
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

TEST(LedgerExport, APartOfTheLedgerVerifiesAndStatesItsRetention) {  // R32, R45
  Days world(10);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-03"), day("2026-10-06")).value();
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  const auto head = export_head(plan, testing::checkpoint_key(), LedgerSequence(11)).value();
  ExportPages pages(world.source(), plan, head);
  const auto lines = lines_of(pages);
  ASSERT_EQ(lines.size(), 5U);
  ExportVerifier verifier;
  for (const auto& line : lines) ASSERT_TRUE(verifier.take(line).has_value());
  EXPECT_TRUE(verifier.expect_end().has_value());
  const auto checkpoint =
      verify_checkpoint(*verifier.checkpoint(), testing::checkpoint_key().verifier());
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(
      checkpoint.value().extensions,
      (std::vector<std::string>{"export 3-5", "export-entry 11", "retention-until 2031-10-05"}));
}

// Whoever verifies a part is told with which entry it begins (ledger verify --json).
TEST(LedgerExport, AVerifiedPartSaysWhereItBegins) {  // R45
  Days world(10);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-03"), day("2026-10-06")).value();
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ExportPages pages(world.source(), plan,
                    export_head(plan, testing::checkpoint_key(), LedgerSequence(11)).value());
  std::string text;
  for (const auto& line : lines_of(pages)) text += line + "\n";
  ASSERT_TRUE(world.files.write_durably("part.jsonl", as_bytes(text)).has_value());
  const auto report =
      verify_export(world.files, "part.jsonl", testing::checkpoint_key().verifier(), {});
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report.value().finding.has_value());
  EXPECT_EQ(report.value().before, LedgerSequence(2));
  EXPECT_EQ(report.value().last, LedgerSequence(5));
}

TEST(LedgerExport, AnExchangedEntryIsFound) {  // R45
  Days world(5);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-01"), day("2026-10-06")).value();
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ExportPages pages(world.source(), plan,
                    export_head(plan, testing::checkpoint_key(), LedgerSequence(6)).value());
  auto lines = lines_of(pages);
  std::swap(lines[2], lines[3]);
  ExportVerifier verifier;
  ASSERT_TRUE(verifier.take(lines[0]).has_value());
  ASSERT_TRUE(verifier.take(lines[1]).has_value());
  EXPECT_FALSE(verifier.take(lines[2]).has_value());
  EXPECT_EQ(verifier.state().last, LedgerSequence(1));
}

TEST(LedgerExport, ManyEntriesComeInPagesInOrder) {
  Reading world;
  world.fill(30);
  for (int n = 0; n < 1200; ++n) {
    auto entry = entry_of(EntryKind::kOpened, transaction(1));
    entry.others = {{0x7000, Bytes(1000, 1)}, {0x7001, Bytes(1000, 2)}};
    ASSERT_TRUE(world.append(std::move(entry)).has_value());
  }
  EntryRange range{LedgerSequence(), world.last(), UtcTime{}};
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ExportPages pages(world.source(), plan,
                    export_head(plan, testing::checkpoint_key(), LedgerSequence(1)).value());
  EXPECT_EQ(pages.page(1).error().code, ErrorCode::kNotFound);  // the one before it comes first
  const auto first = pages.page(0).value();
  EXPECT_LE(first.size(), kExportPageBytesMax);
  EXPECT_TRUE(pages.page(1).has_value());
  EXPECT_EQ(pages.page(0).value(), first);  // an answer that was lost is read again
  ExportVerifier verifier;
  for (const auto& line : lines_of(pages)) ASSERT_TRUE(verifier.take(line).has_value());
  EXPECT_TRUE(verifier.expect_end().has_value());
}

TEST(LedgerExport, NamesWhatRanBeforeTheWindow) {  // R48
  Reading world;
  auto boot = entry_of(EntryKind::kBoot);
  boot.artifact_sha256 = Digest{1};
  ASSERT_TRUE(world.append(boot).has_value());
  boot.artifact_sha256 = Digest{2};
  ASSERT_TRUE(world.append(boot).has_value());
  world.fill(3);
  const EntryRange range{LedgerSequence(3), LedgerSequence(5), UtcTime{}};
  const auto plan =
      plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ASSERT_EQ(plan.configurations.size(), 1U);
  EXPECT_EQ(plan.configurations[0].entry, LedgerSequence(2));
  EXPECT_EQ(plan.configurations[0].configuration, Digest{2});
}

TEST(LedgerExport, RetentionEndsFiveYearsLater) {  // R32, R41
  EXPECT_EQ(to_iso_day(retention_until(day("2026-10-05"))), "2031-10-05");
  EXPECT_EQ(to_iso_day(retention_until(day("2028-02-29"))), "2033-02-28");
}

}  // namespace
}  // namespace certrelay
