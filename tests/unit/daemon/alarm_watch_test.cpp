// Goal: an alarm is said once, is in the ledger however late, and a ledger that contradicts itself
// is one (INV-9). Method: a ledger in memory whose health the test decides.
#include "firmware/daemon/alarm_watch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "firmware/daemon/log_line.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

class TroubledLedger final : public LedgerPort {
 public:
  explicit TroubledLedger(Clock& clock) : kept(clock) {}
  testing::MemoryLedger kept;
  ErrorCode reason = ErrorCode::kNone;

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override {
    return kept.append(std::move(entry), std::move(guard));
  }
  Result<bool> knows_transaction(const TransactionId& id) override {
    return kept.knows_transaction(id);
  }
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override {
    return kept.entries_of(id);
  }
  Result<std::vector<Entry>> intents_on(JstDay day) override { return kept.intents_on(day); }
  LedgerHealth health() const override {
    auto out = kept.health();
    out.reason = reason;
    return out;
  }
};

struct WatchWorld {
  testing::SimClock clock;
  TroubledLedger ledger{clock};
  AlarmLatch alarm;
  std::vector<std::string> said;
  AlarmWatch watch{{alarm, ledger, false, [this](const std::string& label, ErrorCode reason) {
                      said.push_back(alarm_line(label, reason).text());
                    }}};

  void ticks(int count) {
    for (int i = 0; i < count; ++i) {
      boost::asio::io_context io;
      boost::asio::co_spawn(io, watch.tick(), boost::asio::detached);
      io.run();
    }
  }
};

TEST(AlarmWatch, WithoutAnAlarmNothingIsSaidOrWritten) {
  WatchWorld world;
  world.ticks(20);
  EXPECT_TRUE(world.said.empty());
  EXPECT_TRUE(world.ledger.kept.entries.empty());
}

TEST(AlarmWatch, AnAlarmIsSaidOnceAndAnotherAgain) {
  WatchWorld world;
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  world.alarm.recorded(LedgerSequence(12));
  world.ticks(20);
  ASSERT_EQ(world.said.size(), 1U);
  EXPECT_EQ(world.said[0],
            "certrelayd: ALARM 12-1: error 508; nothing is issued until two operators clear it "
            "with a reason [event=alarm alarm=12-1 error=508]");
  ASSERT_TRUE(world.alarm.clear(world.alarm.label()));
  world.ticks(1);
  world.alarm.latch(ErrorCode::kPdfUnreadable);
  world.alarm.recorded(LedgerSequence(14));
  world.ticks(1);
  EXPECT_EQ(world.said.size(), 2U);
  EXPECT_TRUE(world.ledger.kept.entries.empty());  // whoever latched it wrote the entries
}

TEST(AlarmWatch, AnAlarmWhoseEntryCouldNotBeWrittenIsWrittenOnceTheLedgerCan) {  // INV-9
  WatchWorld world;
  world.ledger.kept.writable = false;
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  world.alarm.not_recorded();
  world.ticks(20);
  EXPECT_TRUE(world.ledger.kept.entries.empty());
  world.ledger.kept.writable = true;
  world.ticks(20);
  ASSERT_EQ(world.ledger.kept.entries.size(), 1U);
  EXPECT_EQ(world.ledger.kept.last().kind, EntryKind::kAlarmLatched);
  EXPECT_EQ(world.ledger.kept.last().reason, ErrorCode::kReadbackMismatch);
  EXPECT_EQ(world.alarm.entry(), LedgerSequence(1));
}

// Two entries of one alarm would be two alarms to whoever reads the ledger, and the second gives it
// another label than the one that two persons are about to clear.
TEST(AlarmWatch, AnEntryThatTakesLongToBecomeDurableIsNotWrittenTwice) {  // INV-9
  WatchWorld world;
  ASSERT_TRUE(world.alarm.latch(ErrorCode::kReadbackMismatch));
  world.ticks(20);  // its writer still waits for the disk
  EXPECT_TRUE(world.ledger.kept.entries.empty());
  world.alarm.recorded(LedgerSequence(7));
  world.ticks(20);
  EXPECT_TRUE(world.ledger.kept.entries.empty());
  EXPECT_EQ(world.alarm.label(), "7-1");
}

TEST(AlarmWatch, ALedgerThatContradictsItselfIsAnAlarmAndItsRecoveryDoesNotClearIt) {
  for (const auto reason :
       {ErrorCode::kChainBroken, ErrorCode::kSequenceGap, ErrorCode::kTreeMismatch,
        ErrorCode::kCheckpointMismatch, ErrorCode::kUnknownKey, ErrorCode::kLedgerRolledBack}) {
    WatchWorld world;
    world.ledger.kept.writable = false;
    world.ledger.reason = reason;
    world.ticks(3);
    EXPECT_EQ(world.alarm.reason(), reason);
    world.ledger.kept.writable = true;
    world.ledger.reason = ErrorCode::kNone;
    world.ticks(20);
    EXPECT_EQ(world.alarm.reason(), reason);
    ASSERT_EQ(world.ledger.kept.entries.size(), 1U);
    EXPECT_EQ(world.ledger.kept.last().reason, reason);
  }
}

TEST(AlarmWatch, ADiskInTroubleIsNoAlarm) {
  for (const auto reason : {ErrorCode::kIoError, ErrorCode::kDiskFull, ErrorCode::kStoreFailed,
                            ErrorCode::kLedgerReserve}) {
    WatchWorld world;
    world.ledger.kept.writable = false;
    world.ledger.reason = reason;
    world.ticks(20);
    EXPECT_FALSE(world.alarm.latched());
  }
}

}  // namespace
}  // namespace certrelay
