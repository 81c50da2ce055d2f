// Goal: store trouble is refusal, is shown within 5 s, and ends within 10 s without a restart (R42,
// INV-8); no entry that was acknowledged is ever lost, none is assumed either way.
// Method: simulated time, a file system that fails on demand and forgets what was not synced.
#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::Call;
using testing::entry_of;
using testing::LedgerWorld;
using testing::transaction;

void pass_in(LedgerWorld& world, std::chrono::milliseconds time) {
  const auto until = world.clock.steady_now() + time;
  for (auto now = world.clock.steady_now(); now < until; now += 500ms) {
    world.clock.advance_until(now + 500ms);
    world.run();
  }
}

class LedgerStoreTroubleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.start();
    world_.start_watch();
    ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  }
  void pass(std::chrono::milliseconds time) { pass_in(world_, time); }
  ErrorCode reason() { return world_.ledger->health().reason; }
  void expect_shown_and_recovered(ErrorCode shown) {
    pass(5s);
    EXPECT_FALSE(world_.ledger->health().writable);
    EXPECT_EQ(reason(), shown);
    EXPECT_FALSE(world_.append(entry_of(EntryKind::kProvisionIntent, transaction(1))).has_value());
    world_.files.heal();
    pass(10s);
    EXPECT_TRUE(world_.ledger->health().writable) << static_cast<int>(reason());
    const auto after = world_.append(entry_of(EntryKind::kProvisionIntent, transaction(2)));
    ASSERT_TRUE(after.has_value());
    world_.files.power_cut();
    EXPECT_GE(world_.stored().size(), after.value().value());
  }
  LedgerWorld world_;
};

TEST_F(LedgerStoreTroubleTest, AFailingSyncIsShownBeforeAnybodyAppends) {
  world_.files.fail_all(Call::kSync, ErrorCode::kIoError);
  expect_shown_and_recovered(ErrorCode::kIoError);
}

// What a file system answers that was remounted for reading only.
TEST_F(LedgerStoreTroubleTest, AReadOnlyFileSystemIsShownBeforeAnybodyAppends) {
  for (const auto call : {Call::kWrite, Call::kTruncate, Call::kRename, Call::kRemove}) {
    world_.files.fail_all(call, ErrorCode::kIoError);
  }
  expect_shown_and_recovered(ErrorCode::kIoError);
}

TEST_F(LedgerStoreTroubleTest, ALostMountIsShownBeforeAnybodyAppends) {
  for (const auto call : {Call::kInfo, Call::kOpen}) {
    world_.files.fail_all(call, ErrorCode::kNotFound);
  }
  pass(5s);
  EXPECT_EQ(reason(), ErrorCode::kNotFound);
  pass(5s);
  expect_shown_and_recovered(ErrorCode::kNotFound);
}

// The kernel shows bytes that the disk does not have, and the next sync succeeds: what is read back
// must be made durable before anybody may rely on it.
TEST_F(LedgerStoreTroubleTest, WhatWasReadBackAfterAFailedSyncIsDurable) {
  world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  const auto intent = world_.append(entry_of(EntryKind::kProvisionIntent, transaction(1)));
  EXPECT_EQ(intent.error().code, ErrorCode::kIoError);
  pass(3s);
  ASSERT_TRUE(world_.ledger->health().writable);
  const auto entries = world_.ledger->entries_of(transaction(1)).value();
  world_.files.power_cut();
  const auto stored = world_.stored();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[1].transaction, transaction(1));
  EXPECT_EQ(stored[2].kind, EntryKind::kLedgerRecovered);
  EXPECT_EQ(stored[2].reason, ErrorCode::kIoError);
  EXPECT_EQ(stored[2].count, 1U);
  EXPECT_EQ(stored[2].about, LedgerSequence(1));
  // Whoever waited for it was refused, so no event will come.
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].kind, EntryKind::kDeliveryUnknown);
}

TEST_F(LedgerStoreTroubleTest, AnEntryThatTheDiskDoesNotHaveIsNotAssumed) {
  world_.files.fail_nth(Call::kWrite, 1, ErrorCode::kIoError);
  EXPECT_FALSE(world_.append(entry_of(EntryKind::kProvisionIntent, transaction(1))).has_value());
  pass(3s);
  EXPECT_FALSE(world_.ledger->knows_transaction(transaction(1)).value());
  const auto stored = world_.stored();
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[1].count, 0U);
}

// Somebody puts an older copy in the place of a file whose mount was lost.
TEST_F(LedgerStoreTroubleTest, AnOlderCopyIsNotGoneOnWith) {
  ASSERT_TRUE(world_.ledger->close().has_value());
  pass(10s);  // its watch has seen the end
  const auto older = world_.files.content("ledger");
  ASSERT_TRUE(world_.open().has_value());
  world_.start_watch();
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  EXPECT_FALSE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  world_.files.set_content("ledger", older);
  world_.files.set_content("ledger-wal", {});
  pass(10s);
  EXPECT_EQ(reason(), ErrorCode::kLedgerRolledBack);
  EXPECT_FALSE(world_.append(entry_of(EntryKind::kBoot)).has_value());
}

// The log is left beside what is damaged, for whoever mends it.
TEST_F(LedgerStoreTroubleTest, ADamagedFileIsShownAndRefused) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(1))).has_value());
  world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  EXPECT_FALSE(world_.append(entry_of(EntryKind::kOpened, transaction(2))).has_value());
  world_.files.set_content("ledger", Bytes(world_.files.content("ledger").size(), 0x5A));
  pass(5s);
  EXPECT_EQ(reason(), ErrorCode::kStoreCorrupt);
  EXPECT_FALSE(world_.append(entry_of(EntryKind::kOpened, transaction(3))).has_value());
}

class LedgerReserveTest : public LedgerStoreTroubleTest {
 protected:
  void fill_disk() { world_.files.limit_space(world_.files.space_used()); }
};

TEST_F(LedgerReserveTest, AFullDiskIsShownBeforeAnybodyAppends) {
  fill_disk();
  pass(5s);
  EXPECT_EQ(reason(), ErrorCode::kLedgerReserve);
  EXPECT_FALSE(world_.ledger->health().writable);
  world_.files.limit_space({});
  pass(10s);
  EXPECT_TRUE(world_.ledger->health().writable);
}

// The entry that meets the full disk and all that ends something begun is written; nothing new is.
TEST_F(LedgerReserveTest, TheReserveIsForIntentsAndAlarms) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(1))).has_value());
  fill_disk();
  for (const auto kind :
       {EntryKind::kProvisionIntent, EntryKind::kEvent, EntryKind::kAlarmLatched}) {
    EXPECT_TRUE(world_.append(entry_of(kind, transaction(1))).has_value());
  }
  EXPECT_EQ(world_.append(entry_of(EntryKind::kOpened, transaction(2))).error().code,
            ErrorCode::kLedgerReserve);
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 5U);
}

TEST_F(LedgerReserveTest, PastTheReserveEverythingIsRefusedAndSpaceEndsIt) {
  fill_disk();
  std::uint64_t acknowledged = 1;
  for (int n = 0; n < 1000; ++n) {
    const auto got = world_.append(entry_of(EntryKind::kAlarmLatched));
    if (!got) {
      EXPECT_EQ(got.error().code, ErrorCode::kDiskFull);
      break;
    }
    acknowledged = got.value().value();
  }
  EXPECT_GT(acknowledged, 5U);
  EXPECT_LT(acknowledged, 1000U);
  EXPECT_EQ(reason(), ErrorCode::kDiskFull);
  world_.files.limit_space({});
  pass(10s);
  EXPECT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(2))).has_value());
  world_.files.power_cut();
  EXPECT_GT(world_.stored().size(), acknowledged);
}

TEST_F(LedgerReserveTest, AStartOnAFullDiskEndsWhatWasBegun) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kProvisionIntent, transaction(1))).has_value());
  world_.files.power_cut();
  world_.ledger.reset();
  ASSERT_TRUE(world_.files.remove("ledger.reserve").has_value());
  fill_disk();
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(reason(), ErrorCode::kLedgerReserve);
  EXPECT_EQ(world_.append(entry_of(EntryKind::kOpened)).error().code, ErrorCode::kLedgerReserve);
}

// One whole life: two transactions, a checkpoint, two looks at the store.
class EveryCall : public ::testing::TestWithParam<Call> {};

std::map<std::uint64_t, TransactionId> live(LedgerWorld& world) {
  std::map<std::uint64_t, TransactionId> acknowledged;
  for (std::uint8_t n = 1; n <= 3; ++n) {
    for (const auto kind :
         {EntryKind::kOpened, EntryKind::kProvisionInquiry, EntryKind::kProvisionIntent}) {
      const auto got = world.append(entry_of(kind, transaction(n)));
      if (got) acknowledged.emplace(got.value().value(), transaction(n));
    }
    pass_in(world, 2s);
  }
  return acknowledged;
}

// R42, INV-8: the n-th call of one kind fails, the machine lives on, nothing is restarted.
TEST_P(EveryCall, FailingOnceLosesNoAcknowledgedEntryAndEndsByItself) {
  std::uint64_t most = 1;
  for (std::uint64_t n = 1; n <= most; ++n) {
    for (const auto code : {ErrorCode::kIoError, ErrorCode::kDiskFull}) {
      SCOPED_TRACE("call " + std::to_string(n));
      LedgerWorld world;
      world.options.checkpoint_interval = 3s;
      world.start();
      world.start_watch();
      world.start_checkpoints();
      const auto before = world.files.calls(GetParam());
      world.files.fail_nth(GetParam(), n, code);
      const auto acknowledged = live(world);
      most = std::max(most, world.files.calls(GetParam()) - before);
      world.files.heal();  // what comes too late for this life
      pass_in(world, 10s);
      EXPECT_TRUE(world.ledger->health().writable);
      EXPECT_TRUE(world.append(entry_of(EntryKind::kOpened, transaction(9))).has_value());
      world.files.power_cut();
      const auto stored = world.stored();
      for (const auto& [number, id] : acknowledged) {
        ASSERT_LE(number, stored.size());
        EXPECT_EQ(stored[number - 1].transaction, id);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(LedgerStoreTrouble, EveryCall,
                         ::testing::Values(Call::kOpen, Call::kWrite, Call::kSync, Call::kRename,
                                           Call::kSyncFolder, Call::kRemove, Call::kRead,
                                           Call::kInfo, Call::kLock));

}  // namespace
}  // namespace certrelay
