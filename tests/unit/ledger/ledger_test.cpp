#include "relay/ledger/ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>

#include "relay/env/system_clock.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::Call;
using testing::entry_of;
using testing::transaction;

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { world_.start(); }
  testing::LedgerWorld world_;
};

TEST_F(LedgerTest, NumbersEntriesFromOneInOrder) {
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).value().value(), 1U);
  EXPECT_EQ(world_.append(entry_of(EntryKind::kOpened, transaction(1))).value().value(), 2U);
  const auto stored = world_.stored();
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[1].transaction, transaction(1));
  EXPECT_EQ(stored[1].utc, world_.clock.utc_now());
}

TEST_F(LedgerTest, ContinuesAfterItWasClosedAndOpened) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  ASSERT_TRUE(world_.ledger->close().has_value());
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).value().value(), 2U);
}

// R41: whoever hears of an entry may rely on it: not before the sync of its group.
TEST_F(LedgerTest, AcknowledgesAGroupAfterOneSyncOfAllOfIt) {
  std::vector<std::shared_ptr<testing::LedgerWorld::Answer>> answers;
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot))
                  .has_value());  // the log's head has a sync of its own
  const auto syncs = world_.files.calls(Call::kSync);
  for (std::uint8_t n = 1; n <= 32; ++n) {
    answers.push_back(world_.begin(entry_of(EntryKind::kOpened, transaction(n))));
  }
  world_.run();
  EXPECT_EQ(world_.files.calls(Call::kSync) - syncs, 1U);
  for (const auto& answer : answers) EXPECT_TRUE(answer->value().has_value());
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 33U);
}

// R42, INV-8: an entry that could not be made durable was never acknowledged, and nothing after it.
TEST_F(LedgerTest, RefusesEntryWhenFsyncFails) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  const auto first = world_.begin(entry_of(EntryKind::kOpened, transaction(1)));
  const auto second = world_.begin(entry_of(EntryKind::kOpened, transaction(2)));
  world_.run();
  EXPECT_EQ(first->value().error().code, ErrorCode::kIoError);
  EXPECT_EQ(second->value().error().code, ErrorCode::kIoError);
  // The disk is well again, and yet: what it holds is not known.
  const auto third = world_.append(entry_of(EntryKind::kOpened, transaction(3)));
  EXPECT_EQ(third.error().code, ErrorCode::kLedgerNotWritable);
  EXPECT_EQ(world_.ledger->knows_transaction(transaction(1)).error().code,
            ErrorCode::kLedgerNotWritable);
  EXPECT_EQ(world_.ledger->health().reason, ErrorCode::kIoError);
  EXPECT_FALSE(world_.ledger->health().writable);
  EXPECT_FALSE(world_.ledger->close().has_value());
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
}

TEST_F(LedgerTest, RefusesEntryWhenTheDiskIsFull) {
  world_.files.fail_all(Call::kWrite, ErrorCode::kDiskFull);
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).error().code, ErrorCode::kDiskFull);
  EXPECT_EQ(world_.ledger->health().reason, ErrorCode::kDiskFull);
}

TEST_F(LedgerTest, QueueTakesItsLimitAndNotOneMore) {
  world_.ledger.reset();
  world_.options.waiting_max = 3;
  ASSERT_TRUE(world_.open().has_value());
  std::vector<std::shared_ptr<testing::LedgerWorld::Answer>> answers;
  // All four are queued before the writer's turn comes: it was posted after them.
  for (int n = 0; n < 4; ++n) answers.push_back(world_.begin(entry_of(EntryKind::kBoot)));
  world_.run();
  for (std::size_t n = 0; n < 3; ++n) EXPECT_TRUE(answers[n]->value().has_value());
  EXPECT_EQ(answers[3]->value().error().code, ErrorCode::kLedgerFull);
  EXPECT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
}

TEST_F(LedgerTest, AGroupTakesItsLimitAndTheNextIsAnother) {
  world_.ledger.reset();
  world_.options.group_max = 3;
  ASSERT_TRUE(world_.open().has_value());
  const auto syncs_for = [&](int entries) {
    const auto before = world_.files.calls(Call::kSync);
    std::vector<std::shared_ptr<testing::LedgerWorld::Answer>> answers;
    for (int n = 0; n < entries; ++n) answers.push_back(world_.begin(entry_of(EntryKind::kBoot)));
    world_.run();
    for (const auto& answer : answers) EXPECT_TRUE(answer->value().has_value());
    return world_.files.calls(Call::kSync) - before;
  };
  (void)syncs_for(1);  // the first makes the log, which is a sync more
  EXPECT_EQ(syncs_for(1), 1U);
  EXPECT_EQ(syncs_for(3), 1U);
  EXPECT_EQ(syncs_for(4), 2U);
}

// INV-6: the guard is asked at the point of order; a refused one leaves no trace.
TEST_F(LedgerTest, ARefusedGuardYieldsItsErrorAndWritesNothing) {
  const auto refuse = [] { return Result<void>(Error{ErrorCode::kInternal, "changed"}); };
  const auto before = world_.begin(entry_of(EntryKind::kOpened, transaction(1)));
  const auto refused = world_.begin(entry_of(EntryKind::kProvisionIntent, transaction(1)), refuse);
  const auto after = world_.begin(entry_of(EntryKind::kRefusal, transaction(1)));
  world_.run();
  EXPECT_EQ(before->value().value().value(), 1U);
  EXPECT_EQ(refused->value().error(), (Error{ErrorCode::kInternal, "changed"}));
  EXPECT_EQ(after->value().value().value(), 2U);
  EXPECT_EQ(world_.stored().size(), 2U);
}

TEST_F(LedgerTest, TheGuardRunsAfterEverythingThatWasOrderedBeforeIt) {
  bool changed = false;
  const auto change = [&changed] {
    changed = true;
    return Result<void>(ok());
  };
  const auto unless_changed = [&changed] {
    return changed ? Result<void>(Error{ErrorCode::kInternal, "changed"}) : Result<void>(ok());
  };
  const auto first = world_.begin(entry_of(EntryKind::kChangeAcknowledged), change);
  const auto second = world_.begin(entry_of(EntryKind::kProvisionIntent), unless_changed);
  world_.run();
  EXPECT_TRUE(first->value().has_value());
  EXPECT_FALSE(second->value().has_value());
}

TEST_F(LedgerTest, AnEntryPastItsLimitsIsRefusedAlone) {
  auto bad = entry_of(EntryKind::kBoot);
  bad.subjects.resize(kEntrySubjectsMax + 1);
  const auto refused = world_.begin(bad);
  const auto good = world_.begin(entry_of(EntryKind::kBoot));
  world_.run();
  EXPECT_EQ(refused->value().error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(good->value().value().value(), 1U);
}

// INV-10
TEST_F(LedgerTest, KnowsEveryTransactionItHoldsAlsoAfterARestart) {
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(1))).has_value());
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kRefusal, transaction(1))).has_value());
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(world_.ledger->knows_transaction(transaction(1)).value());
    EXPECT_FALSE(world_.ledger->knows_transaction(transaction(2)).value());
    const auto entries = world_.ledger->entries_of(transaction(1)).value();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[1].kind, EntryKind::kRefusal);
    ASSERT_TRUE(world_.open().has_value());
  }
}

TEST_F(LedgerTest, EntriesOfATransactionUpToTheLimit) {
  for (std::size_t n = 0; n <= kTransactionEntriesMax; ++n) {
    world_.begin(entry_of(EntryKind::kEvent, transaction(1)));
  }
  world_.run();
  EXPECT_EQ(world_.ledger->entries_of(transaction(1)).value().size(), kTransactionEntriesMax);
}

TEST_F(LedgerTest, AfterCloseAppendsAreRefused) {
  const auto waiting = world_.begin(entry_of(EntryKind::kBoot));
  world_.io.poll_one();  // the append is queued, the writer has not run
  EXPECT_TRUE(world_.ledger->close().has_value());
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).error().code, ErrorCode::kLedgerClosed);
  EXPECT_EQ(waiting->value().value().value(), 1U);  // what waited was committed
  EXPECT_EQ(world_.ledger->knows_transaction(transaction(1)).error().code,
            ErrorCode::kLedgerClosed);
}

TEST_F(LedgerTest, OnlyOneProcessOpensIt) {
  EXPECT_EQ(LedgerStore::open(world_.vfs, "ledger").error().code, ErrorCode::kLocked);
}

TEST_F(LedgerTest, AnotherLedgersKeyDoesNotOpenIt) {
  world_.ledger.reset();
  const auto other = CheckpointKey::generate("ledger.example/other").value();
  const auto opened = Ledger::open({.vfs = world_.vfs,
                                    .files = world_.files,
                                    .clock = world_.clock,
                                    .key = other,
                                    .driver = make_executor_driver(world_.io.get_executor()),
                                    .background = make_executor_driver(world_.io.get_executor())},
                                   world_.options);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnknownKey);
}

// The production driver: a thread of its own, many callers, nothing lost, nothing twice.
TEST(LedgerThreadTest, ManyThreadsAppendAndAskAtOnce) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.create().has_value());
  auto ledger = Ledger::open({.vfs = world.vfs,
                              .files = world.files,
                              .clock = world.clock,
                              .key = testing::checkpoint_key(),
                              .driver = make_thread_driver(),
                              .background = make_thread_driver()},
                             world.options)
                    .value();
  auto numbers = testing::append_from_threads(*ledger, 4, 200);
  ASSERT_TRUE(ledger->close().has_value());
  std::ranges::sort(numbers);
  ASSERT_EQ(numbers.size(), 800U);
  for (std::size_t n = 0; n < numbers.size(); ++n) EXPECT_EQ(numbers[n], n + 1);
  ledger.reset();
  EXPECT_EQ(world.stored().size(), 800U);
}

// All three threads at once: appends, checkpoints each millisecond, one verification after another.
TEST(LedgerThreadTest, TheBackgroundVerifiesWhileManyThreadsAppend) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.create().has_value());
  SystemClock clock;
  world.options.checkpoint_interval = world.options.check_interval = world.options.check_pause =
      std::chrono::milliseconds(1);
  world.options.check_slice = 16;
  auto ledger = Ledger::open({.vfs = world.vfs,
                              .files = world.files,
                              .clock = clock,
                              .key = testing::checkpoint_key(),
                              .driver = make_thread_driver(),
                              .background = make_thread_driver()},
                             world.options)
                    .value();
  boost::asio::co_spawn(world.io, ledger->run_checkpoints(), boost::asio::detached);
  boost::asio::co_spawn(world.io, ledger->run_verification(), boost::asio::detached);
  std::thread background([&] { world.io.run(); });
  testing::append_from_threads(*ledger, 4, 200);
  world.io.stop();
  background.join();
  const auto check = ledger->health().check;
  EXPECT_EQ(check.findings, 0U);
  EXPECT_EQ(ledger->health().checkpoint_reason, ErrorCode::kNone);
  ASSERT_TRUE(ledger->close().has_value());
  ledger.reset();
  EXPECT_EQ(world.stored().size(), 800U);
}

}  // namespace
}  // namespace certrelay
