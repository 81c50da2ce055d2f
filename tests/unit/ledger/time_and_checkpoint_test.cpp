#include <gtest/gtest.h>

#include "relay/ledger/ledger.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::Call;
using testing::entry_of;
using testing::transaction;

class LedgerTimeTest : public ::testing::Test {
 protected:
  void SetUp() override { world_.start(); }
  Entry stored_last() {
    world_.append(entry_of(EntryKind::kBoot, transaction(9))).value();
    return world_.ledger->entries_of(transaction(9)).value().back();
  }
  testing::LedgerWorld world_;
};

TEST_F(LedgerTimeTest, MarksEntriesUntilTheClockIsAccepted) {
  EXPECT_EQ(stored_last().flags, 0);
  ASSERT_TRUE(world_.open().has_value());
  world_.clock.pass(5s);
  const auto marked = stored_last();
  EXPECT_EQ(marked.flags, kEntryClockDoubted);
  EXPECT_EQ(marked.utc, world_.clock.utc_now());  // the last trusted time and five seconds
  EXPECT_TRUE(world_.ledger->accept_clock(UtcTime{}));
  EXPECT_EQ(stored_last().flags, 0);
}

TEST_F(LedgerTimeTest, AClockBehindTheLastTrustedEntryIsDoubted) {
  const auto before = stored_last().utc;
  world_.clock.pass(1s);
  world_.clock.step_utc(-2s);
  const auto marked = stored_last();
  EXPECT_EQ(marked.flags, kEntryClockDoubted);
  EXPECT_EQ(marked.utc, before + 1s);
  EXPECT_TRUE(world_.ledger->health().clock_doubted);
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_FALSE(world_.ledger->accept_clock(UtcTime{}));
  world_.clock.step_utc(2s);
  EXPECT_TRUE(world_.ledger->accept_clock(UtcTime{}));
}

TEST_F(LedgerTimeTest, AMinuteOffTheSteadyClockIsTrustedAndNotOneMillisecondMore) {
  world_.clock.step_utc(60s);
  EXPECT_EQ(stored_last().flags, 0);
  world_.clock.step_utc(1ms);
  EXPECT_EQ(stored_last().flags, kEntryClockDoubted);
}

TEST_F(LedgerTimeTest, AClockBehindTheGivenLimitIsNotAccepted) {
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_FALSE(world_.ledger->accept_clock(world_.clock.utc_now() + 1ms));
  EXPECT_TRUE(world_.ledger->accept_clock(world_.clock.utc_now()));
}

// The caller's own idea of number, time and mark is replaced.
TEST_F(LedgerTimeTest, TheWriterSetsNumberTimeAndMark) {
  auto entry = entry_of(EntryKind::kBoot, transaction(9));
  entry.sequence = LedgerSequence(77);
  entry.utc = UtcTime{1ms};
  entry.flags = kEntryClockDoubted | kEntryLate;
  ASSERT_TRUE(world_.append(entry).has_value());
  const auto stored = world_.ledger->entries_of(transaction(9)).value().back();
  EXPECT_EQ(stored.sequence.value(), 1U);
  EXPECT_EQ(stored.utc, world_.clock.utc_now());
  EXPECT_EQ(stored.flags, kEntryLate);
}

class LedgerCheckpointTest : public LedgerTimeTest {
 protected:
  std::vector<std::uint64_t> sizes() {
    return CheckpointFolder(world_.files, "checkpoints").sizes().value();
  }
};

TEST_F(LedgerCheckpointTest, WritesASignedCheckpointWhenItCloses) {
  stored_last();
  stored_last();
  ASSERT_TRUE(world_.ledger->close().has_value());
  EXPECT_EQ(sizes(), std::vector<std::uint64_t>{2});
  CheckpointFolder folder(world_.files, "checkpoints");
  const auto checkpoint = folder.read(2, testing::checkpoint_key().verifier()).value();
  EXPECT_EQ(checkpoint.size, 2U);
  auto store = LedgerStore::open(world_.vfs, "ledger").value();
  EXPECT_EQ(checkpoint.root, store.stated().tree.root());
}

TEST_F(LedgerCheckpointTest, WritesOneEachIntervalInWhichEntriesCame) {
  world_.start_checkpoints();
  world_.pass_interval();
  EXPECT_TRUE(sizes().empty());  // nothing to sign yet
  stored_last();
  world_.pass_interval();
  EXPECT_EQ(sizes(), std::vector<std::uint64_t>{1});
  world_.pass_interval();
  EXPECT_EQ(sizes(), std::vector<std::uint64_t>{1});
  stored_last();
  world_.files.fail_nth(Call::kRename, 1, ErrorCode::kDiskFull);
  world_.pass_interval();
  EXPECT_EQ(world_.ledger->health().checkpoint_reason, ErrorCode::kDiskFull);
  EXPECT_TRUE(world_.ledger->health().writable);
  world_.pass_interval();
  EXPECT_EQ(sizes(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(world_.ledger->health().checkpoint_reason, ErrorCode::kNone);
}

// A copy from before the checkpoint is older than what was signed.
TEST_F(LedgerCheckpointTest, AnOlderCopyOfTheFileDoesNotOpen) {
  stored_last();
  ASSERT_TRUE(world_.ledger->close().has_value());
  const auto older = world_.files.content("ledger");
  ASSERT_TRUE(world_.open().has_value());
  stored_last();
  ASSERT_TRUE(world_.ledger->close().has_value());
  world_.ledger.reset();
  world_.files.set_content("ledger", older);
  EXPECT_EQ(world_.open().error().code, ErrorCode::kLedgerRolledBack);
}

// INV-9: a restart clears no alarm.
TEST_F(LedgerCheckpointTest, AnAlarmThatWasNotClearedIsKnownAfterARestart) {
  auto latched = entry_of(EntryKind::kAlarmLatched);
  latched.reason = ErrorCode::kDigestMismatch;
  ASSERT_TRUE(world_.append(latched).has_value());
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.ledger->latched_alarm(), ErrorCode::kDigestMismatch);
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kAlarmCleared)).has_value());
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.ledger->latched_alarm(), ErrorCode::kNone);
}

// R15: the highest list ever used is known after a restart, an issuer each; a refused one is not
// it.
TEST_F(LedgerCheckpointTest, TheListsOfEarlierRunsAreKnownAfterARestart) {
  const auto loaded = [&](std::uint8_t issuer, const char* number, ErrorCode reason) {
    auto entry = entry_of(EntryKind::kCrlLoaded);
    entry.crl_issuer = Digest{issuer};
    entry.crl_number = CrlNumber::parse(number).value();
    entry.period_from = UtcTime(std::chrono::hours(1000));
    entry.reason = reason;
    return world_.append(entry).has_value();
  };
  ASSERT_TRUE(loaded(1, "5", ErrorCode::kNone) && loaded(2, "a", ErrorCode::kNone) &&
              loaded(1, "6", ErrorCode::kNone) && loaded(1, "4", ErrorCode::kCrlRollBack));
  EXPECT_TRUE(world_.ledger->recorded_crls().empty());
  ASSERT_TRUE(world_.open().has_value());
  const auto& crls = world_.ledger->recorded_crls();
  ASSERT_EQ(crls.size(), 2U);
  EXPECT_EQ(crls[0].issuer, Digest{1});
  EXPECT_EQ(crls[0].number.text(), "6");
  EXPECT_EQ(crls[1].number.text(), "a");
  EXPECT_EQ(crls[1].this_update, UtcTime(std::chrono::hours(1000)));
}

TEST_F(LedgerCheckpointTest, ATransactionWithoutAnEndGetsOneAfterARestart) {
  for (std::uint8_t n = 1; n <= 6; ++n) {
    ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(n))).has_value());
  }
  for (const auto& [kind, n] :
       std::vector<std::pair<EntryKind, std::uint8_t>>{{EntryKind::kProvisionInquiry, 2},
                                                       {EntryKind::kProvisionIntent, 3},
                                                       {EntryKind::kProvisionIntent, 4},
                                                       {EntryKind::kEvent, 4},
                                                       {EntryKind::kRefusal, 5},
                                                       {EntryKind::kProvisionIntent, 6},
                                                       {EntryKind::kRefusal, 6}}) {
    ASSERT_TRUE(world_.append(entry_of(kind, transaction(n))).has_value());
  }
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.close_unfinished().value(), 3U);
  const auto last = [&](std::uint8_t n) {
    return world_.ledger->entries_of(transaction(n)).value().back();
  };
  EXPECT_EQ(last(1).kind, EntryKind::kAbandoned);
  EXPECT_EQ(last(2).kind, EntryKind::kAbandoned);
  EXPECT_EQ(last(3).kind, EntryKind::kDeliveryUnknown);
  EXPECT_EQ(last(3).about->value(), 8U);
  EXPECT_EQ(last(4).kind, EntryKind::kEvent);
  // Refused after its intent: not one byte left, and that is known.
  EXPECT_EQ(last(6).kind, EntryKind::kRefusal);
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.close_unfinished().value(), 0U);
}

}  // namespace
}  // namespace certrelay
