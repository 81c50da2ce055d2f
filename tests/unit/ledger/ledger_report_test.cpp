#include "firmware/ctl/ledger_report.hpp"

#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

TEST(LedgerReportTest, SaysWhatAgreesOrNamesTheFirstBadEntry) {
  VerifyReport report{.origin = "ledger.example/393274",
                      .last = LedgerSequence(12),
                      .root = {},
                      .checkpoints = 2,
                      .finding = std::nullopt};
  EXPECT_EQ(in_words(report), "ledger verify: ok, 12 entries, 2 checkpoints, root " +
                                  std::string(64, '0') + " — ledger.example/393274");
  report.before = LedgerSequence(2);
  EXPECT_EQ(as_object(report).at("first").to_number<int>(), 3);
  report.finding = LedgerFinding{LedgerSequence(13), {ErrorCode::kSequenceGap, "ledger"}};
  EXPECT_TRUE(in_words(report).starts_with("ledger verify: first bad entry 13 "));
}

TEST(LedgerReportTest, FindsTheLedgerOfAStateFolderAndSaysWhenItIsInUse) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.files.make_folder("state").has_value());
  ASSERT_TRUE(world.files.make_folder("state/ledger").has_value());
  world.options.path = "state/ledger/ledger.db";
  world.options.checkpoint_folder = "state/checkpoints";
  world.start();
  ASSERT_TRUE(world.append(testing::entry_of(EntryKind::kBoot)).has_value());
  const auto& key = testing::checkpoint_key().verifier();
  const auto running = verify_state(world.files, world.vfs, "state", key);
  EXPECT_EQ(running.error().code, ErrorCode::kLocked);
  EXPECT_NE(could_not_read(running.error()).find("停止"), std::string::npos);
  world.ledger.reset();
  const auto stopped = verify_state(world.files, world.vfs, "state", key).value();
  EXPECT_FALSE(stopped.finding.has_value());
  EXPECT_EQ(stopped.checkpoints, 1U);
}

}  // namespace
}  // namespace certrelay
