// Goal: while the log is being synced the ledger writes on and answers who reads, and nobody hears
// of an entry before a sync that began after it was written has ended well (R41, R42, INV-6,
// INV-8). Method: the disk lets us in after a sync has taken what was written and before it ends;
// once with threads, where it does not end until the test says so.
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>

#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::Call;
using testing::entry_of;
using testing::transaction;
using Answer = std::shared_ptr<testing::LedgerWorld::Answer>;

class LedgerAheadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.start();
    ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  }
  Answer begin(std::uint8_t n) {
    return world_.begin(entry_of(EntryKind::kOpened, transaction(n)));
  }
  // Two, so that the sync is not the writer's own.
  std::vector<Answer> begin_two() { return {begin(1), begin(2)}; }
  // In the midst of the next sync.
  void meanwhile(std::function<void()> work) {
    world_.while_syncing = [this, work = std::move(work)] {
      world_.while_syncing = nullptr;
      work();
    };
  }
  testing::LedgerWorld world_;
};

TEST_F(LedgerAheadTest, NothingIsToldBeforeItsSyncHasEnded) {
  Answer ahead;
  const auto first = begin_two();
  meanwhile([&] {
    ahead = begin(3);
    testing::run_ready(world_.io);
    EXPECT_FALSE(first.front()->has_value());
    EXPECT_FALSE(ahead->has_value());
    EXPECT_TRUE(world_.ledger->knows_transaction(transaction(3)).value());  // it only refuses
    for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{3}}) {
      EXPECT_TRUE(world_.ledger->entries_of(transaction(n)).value().empty());
    }
    EXPECT_EQ(world_.ledger->read_after(LedgerSequence(), 9).value().size(), 1U);
    EXPECT_EQ(world_.ledger->now().at.last.value(), 1U);
    EXPECT_EQ(world_.ledger->health().last.value(), 1U);
  });
  world_.run();
  EXPECT_EQ(first.back()->value().value().value(), 3U);
  EXPECT_EQ(ahead->value().value().value(), 4U);
  EXPECT_EQ(world_.ledger->now().at.last.value(), 4U);
  EXPECT_EQ(world_.ledger->entries_of(transaction(3)).value().size(), 1U);
}

TEST_F(LedgerAheadTest, WhatIsWrittenMeanwhileHasASyncOfItsOwn) {
  const auto first = begin_two();
  Answer ahead;
  meanwhile([&] {
    ahead = begin(3);
    testing::run_ready(world_.io);
    world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  });
  world_.run();
  EXPECT_TRUE(first.front()->value().has_value());
  EXPECT_EQ(ahead->value().error().code, ErrorCode::kIoError);
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 3U);
}

TEST_F(LedgerAheadTest, AFailedSyncFailsWhatWasWrittenMeanwhileToo) {
  const auto first = begin_two();
  Answer ahead;
  world_.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  meanwhile([&] {
    ahead = begin(3);
    testing::run_ready(world_.io);
  });
  world_.run();
  for (const auto& answer : {first.front(), first.back(), ahead}) {
    EXPECT_EQ(answer->value().error().code, ErrorCode::kIoError);
  }
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).error().code, ErrorCode::kLedgerNotWritable);
  EXPECT_EQ(world_.ledger->health().last.value(), 1U);
}

// The sync under way was of what had been written well.
TEST_F(LedgerAheadTest, AFailedWriteLeavesTheSyncUnderWayItsOwnOutcome) {
  const auto first = begin_two();
  Answer well;
  Answer failed;
  meanwhile([&] {
    well = begin(3);
    testing::run_ready(world_.io);
    world_.files.fail_nth(Call::kWrite, 1, ErrorCode::kIoError);
    failed = begin(4);
    testing::run_ready(world_.io);
  });
  world_.run();
  EXPECT_TRUE(first.front()->value().has_value());
  EXPECT_EQ(failed->value().error().code, ErrorCode::kIoError);
  EXPECT_EQ(well->value().error().code, ErrorCode::kIoError);  // its own would have come after
  EXPECT_EQ(world_.append(entry_of(EntryKind::kBoot)).error().code, ErrorCode::kLedgerNotWritable);
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 3U);
}

TEST_F(LedgerAheadTest, TheReserveIsGivenUpWhenWhatWasWrittenBeforeIsSynced) {
  world_.disk_hangs = true;
  const auto first = begin_two();
  world_.run();
  EXPECT_FALSE(first.back()->has_value());
  world_.files.fail_nth(Call::kWrite, 1, ErrorCode::kDiskFull);
  const auto full = begin(3);
  world_.run();
  EXPECT_TRUE(first.back()->value().has_value());
  EXPECT_FALSE(full->has_value());
  world_.disk_hangs = false;
  world_.run();
  EXPECT_EQ(full->value().value().value(), 4U);
  EXPECT_EQ(world_.ledger->health().reason, ErrorCode::kLedgerReserve);
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 4U);
}

TEST_F(LedgerAheadTest, AGuardAheadOfTheSyncSeesWhatCameBefore) {
  bool changed = false;
  const auto change = [&changed] {
    changed = true;
    return Result<void>(ok());
  };
  const auto unless_changed = [&changed] {
    return changed ? Result<void>(Error{ErrorCode::kInternal, "changed"}) : Result<void>(ok());
  };
  const auto first = world_.begin(entry_of(EntryKind::kChangeAcknowledged), change);
  const auto second = begin(1);
  Answer intent;
  meanwhile([&] {
    intent = world_.begin(entry_of(EntryKind::kProvisionIntent), unless_changed);
    testing::run_ready(world_.io);
  });
  world_.run();
  EXPECT_TRUE(first->value().has_value());
  EXPECT_EQ(intent->value().error().code, ErrorCode::kInternal);
  EXPECT_EQ(world_.stored().size(), 3U);
}

TEST_F(LedgerAheadTest, NoMoreThanAGroupIsAheadOfASync) {
  world_.ledger.reset();
  world_.options.group_max = 2;
  ASSERT_TRUE(world_.open().has_value());
  world_.disk_hangs = true;
  std::vector<Answer> answers;
  for (std::uint8_t n = 1; n <= 5; ++n) answers.push_back(begin(n));
  world_.run();
  // The third group made room: the first two entries' sync was waited for.
  EXPECT_TRUE(answers[1]->has_value());
  EXPECT_FALSE(answers[2]->has_value());
  world_.disk_hangs = false;
  world_.run();
  EXPECT_TRUE(answers[4]->value().has_value());
}

TEST_F(LedgerAheadTest, ClosingWaitsForWhatIsWrittenAndForItsSync) {
  world_.disk_hangs = true;
  const auto answers = begin_two();
  world_.run();
  EXPECT_FALSE(answers.back()->has_value());
  EXPECT_TRUE(world_.ledger->close().has_value());
  world_.run();
  ASSERT_TRUE(answers.back()->has_value());
  EXPECT_EQ(answers.back()->value().value().value(), 3U);
  world_.files.power_cut();
  EXPECT_EQ(world_.stored().size(), 3U);
}

// The file's name is gone while a sync is under way; what that was of is told, then read back.
TEST_F(LedgerAheadTest, ARecoveryWaitsForTheSyncUnderWay) {
  world_.start_watch();
  world_.disk_hangs = true;
  const auto answers = begin_two();
  world_.run();
  world_.files.fail_nth(Call::kInfo, 1, ErrorCode::kNotFound);
  for (int n = 0; n < 2; ++n) world_.pass_interval();
  world_.disk_hangs = false;
  world_.run();
  EXPECT_TRUE(answers.back()->value().has_value());
  EXPECT_TRUE(world_.ledger->health().writable);
  const auto stored = world_.stored();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored.back().kind, EntryKind::kLedgerRecovered);
  EXPECT_EQ(stored.back().count, 0U);
}

// A disk that does not answer until the test lets it.
class Gate {
 public:
  void pass() {
    std::unique_lock guard(mutex_);
    if (open_) return;
    reached_ = true;
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
  }
  void set(bool open) {
    const std::lock_guard guard(mutex_);
    open_ = open;
    changed_.notify_all();
  }
  void await_somebody() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return reached_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  bool reached_ = false;
};

TEST(LedgerStuckDiskTest, AReaderIsServedWhileASyncDoesNotEnd) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.create().has_value());
  auto ledger = Ledger::open({.vfs = world.vfs,
                              .files = world.files,
                              .clock = world.clock,
                              .key = testing::checkpoint_key(),
                              .driver = make_thread_driver(),
                              .syncer = make_thread_driver(),
                              .background = make_thread_driver()},
                             world.options)
                    .value();
  testing::append_from_threads(*ledger, 1, 1);
  Gate gate;
  world.files.during_sync([&gate] { gate.pass(); });
  gate.set(false);
  auto appended = std::async(std::launch::async,
                             [&] { return testing::append_from_threads(*ledger, 4, 3).size(); });
  gate.await_somebody();
  auto read = std::async(std::launch::async,
                         [&] { return ledger->entries_of(transaction(1)).value().size(); });
  EXPECT_EQ(read.wait_for(1min), std::future_status::ready);
  EXPECT_EQ(appended.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(ledger->health().last.value(), 1U);
  gate.set(true);
  EXPECT_EQ(read.get(), 1U);
  EXPECT_EQ(appended.get(), 12U);
  EXPECT_TRUE(ledger->close().has_value());
}

}  // namespace
}  // namespace certrelay
