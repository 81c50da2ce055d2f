// Goal: a start reads what came after the last checkpoint, and is none the worse for it: what the
// entries before leave in force is there, and a mark can spare work but hide nothing (INV-9).
#include <gtest/gtest.h>

#include "protocol/report/sign_off.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::transaction;

constexpr const char* kMark = "ledger.start";

Entry crl_entry(std::uint8_t issuer, const char* number) {
  auto entry = entry_of(EntryKind::kCrlLoaded);
  entry.crl_issuer = Digest{issuer};
  entry.crl_number = CrlNumber::parse(number).value();
  entry.period_from = UtcTime(std::chrono::milliseconds(1'700'000'000'000));
  return entry;
}

// Entries that leave everything in force that entries can leave.
std::vector<Entry> weighty_entries() {
  auto alarm = entry_of(EntryKind::kAlarmLatched);
  alarm.reason = ErrorCode::kReadbackMismatch;
  auto suspended = entry_of(EntryKind::kKindSuspended);
  suspended.certificate_kind = CertificateKind::kKisaiJiko;
  auto accounts = entry_of(EntryKind::kOperatorsChanged);
  accounts.count = 7;
  auto report = entry_of(EntryKind::kReportSignedOff);
  report.action = sign_off_word(ReportKind::kMonthly);
  report.count = 202610;
  return {entry_of(EntryKind::kBoot),
          crl_entry(1, "a0"),
          crl_entry(2, "7"),
          crl_entry(1, "a1"),
          alarm,
          suspended,
          accounts,
          report,
          entry_of(EntryKind::kIssuingStopped),
          entry_of(EntryKind::kOpened, transaction(1)),
          entry_of(EntryKind::kOpened, transaction(2)),
          entry_of(EntryKind::kProvisionIntent, transaction(1)),
          entry_of(EntryKind::kExpired, transaction(2))};
}

class LedgerStartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.start();
    append_all();
    ASSERT_TRUE(world_.ledger->close().has_value());
  }
  void append_all() {
    for (auto& entry : weighty_entries()) ASSERT_TRUE(world_.append(std::move(entry)).has_value());
  }
  // As a start finds it: what is in force, and how many entries were read.
  std::uint64_t start() {
    EXPECT_TRUE(world_.open().has_value());
    return world_.ledger->read_at_start();
  }
  void expect_all_in_force() {
    const auto& orders = world_.ledger->standing();
    EXPECT_EQ(orders.alarm, ErrorCode::kReadbackMismatch);
    EXPECT_EQ(orders.alarm_entry.value(), 5U);
    EXPECT_TRUE(orders.issuing_stopped);
    EXPECT_EQ(orders.suspended_kinds, std::set{CertificateKind::kKisaiJiko});
    EXPECT_EQ(orders.operators_version, 7U);
    const auto signed_off = orders.sign_offs.find({ReportKind::kMonthly, 202610});
    ASSERT_NE(signed_off, orders.sign_offs.end());
    EXPECT_EQ(signed_off->second.value(), 8U);
    EXPECT_EQ(world_.ledger->now().state.deliveries.ids(), std::set{transaction(1)});
    EXPECT_EQ(orders.began, began_);
    const std::vector<RecordedCrl> crls{{Digest{1}, CrlNumber::parse("a1").value(), kThisUpdate},
                                        {Digest{2}, CrlNumber::parse("7").value(), kThisUpdate}};
    EXPECT_EQ(world_.ledger->recorded_crls(), crls);
    EXPECT_EQ(world_.close_unfinished().value(), 1U);
    const auto story = world_.ledger->entries_of(transaction(1)).value();
    EXPECT_EQ(story.back().kind, EntryKind::kDeliveryUnknown);
    EXPECT_EQ(story.back().about->value(), 12U);
  }

  static constexpr std::uint64_t kEntries = 13;
  static constexpr UtcTime kThisUpdate{std::chrono::milliseconds(1'700'000'000'000)};
  testing::LedgerWorld world_;
  const UtcTime began_ = world_.clock.utc_now();
};

TEST_F(LedgerStartTest, ReadsNothingAfterAStopAndKnowsAllThatIsInForce) {
  EXPECT_EQ(start(), 0U);
  expect_all_in_force();
}

TEST_F(LedgerStartTest, ReadsEverythingWithoutAMarkAndComesToTheSame) {
  ASSERT_TRUE(world_.files.remove(kMark).has_value());
  EXPECT_EQ(start(), kEntries);
  expect_all_in_force();
}

TEST_F(LedgerStartTest, ReadsWhatCameAfterTheMark) {
  ASSERT_EQ(start(), 0U);
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kAlarmCleared)).has_value());
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(3))).has_value());
  world_.files.die_at(1);  // a process that is gone writes no last checkpoint
  world_.ledger.reset();
  world_.files.power_cut();
  EXPECT_EQ(start(), 2U);
  EXPECT_EQ(world_.ledger->latched_alarm(), ErrorCode::kNone);
  EXPECT_TRUE(world_.ledger->standing().issuing_stopped);
  EXPECT_EQ(world_.close_unfinished().value(), 2U);
}

// An interval's checkpoint has its mark too, with what came in this run.
TEST_F(LedgerStartTest, AMarkOfARunningLedgerHoldsWhatThisRunAppended) {
  ASSERT_EQ(start(), 0U);
  world_.start_checkpoints();
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kAlarmCleared)).has_value());
  world_.pass_interval();
  world_.files.power_cut();
  world_.clock.forget_alarms();
  EXPECT_EQ(start(), 0U);
  EXPECT_EQ(world_.ledger->latched_alarm(), ErrorCode::kNone);
}

TEST_F(LedgerStartTest, AMarkThatAnybodyTouchedIsPassedOver) {
  const auto mark = world_.files.content(kMark);
  for (std::size_t at = 0; at < mark.size(); ++at) {
    auto touched = mark;
    touched[at] ^= 1;
    world_.files.set_content(kMark, touched);
    const auto read =
        read_start_mark(world_.files, "ledger", testing::checkpoint_key().verifier()).value();
    // A signature's name and base64 have other spellings of nothing: each byte counts.
    EXPECT_FALSE(read.has_value()) << at;
  }
  EXPECT_EQ(start(), kEntries);
  expect_all_in_force();
}

TEST_F(LedgerStartTest, AnotherKeysMarkIsPassedOver) {
  const auto other = CheckpointKey::generate(testing::kLedgerOrigin).value();
  const auto mark =
      read_start_mark(world_.files, "ledger", testing::checkpoint_key().verifier()).value();
  auto forged = *mark;
  forged.state.standing.alarm = ErrorCode::kNone;
  ASSERT_TRUE(write_start_mark(world_.files, "ledger", other, forged).has_value());
  EXPECT_EQ(start(), kEntries);
  EXPECT_EQ(world_.ledger->latched_alarm(), ErrorCode::kReadbackMismatch);
}

// Without a checkpoint in the folder the mark alone betrays an older copy.
TEST_F(LedgerStartTest, ALedgerThatEndsBeforeItsMarkDoesNotOpen) {
  const auto older = world_.files.content("ledger");
  ASSERT_EQ(start(), 0U);
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  ASSERT_TRUE(world_.ledger->close().has_value());
  world_.files.set_content("ledger", older);
  const auto names = world_.files.list("checkpoints").value();
  for (const auto& name : names) {
    ASSERT_TRUE(world_.files.remove("checkpoints/" + name).has_value());
  }
  EXPECT_EQ(world_.open().error().code, ErrorCode::kLedgerRolledBack);
}

TEST_F(LedgerStartTest, AMarkOfOtherEntriesDoesNotOpen) {
  auto mark =
      *read_start_mark(world_.files, "ledger", testing::checkpoint_key().verifier()).value();
  mark.at.chain[0] ^= 1;
  ASSERT_TRUE(
      write_start_mark(world_.files, "ledger", testing::checkpoint_key(), mark).has_value());
  EXPECT_EQ(world_.open().error().code, ErrorCode::kChainBroken);
}

TEST(StartStateTest, HasOneEncodingWhichIsReadWhole) {
  StartState state;
  std::uint64_t number = 0;
  for (auto entry : weighty_entries()) {
    entry.sequence = LedgerSequence(++number);
    state.take(entry);
  }
  const auto bytes = state.encode();
  EXPECT_EQ(StartState::parse(bytes).value().encode(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(StartState::parse(ByteView(bytes).first(size)).has_value()) << size;
  }
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(StartState::parse(longer).error().code, ErrorCode::kTrailingBytes);
  auto newer = bytes;
  newer[0] = 3;
  EXPECT_EQ(StartState::parse(newer).error().code, ErrorCode::kStoreVersion);
}

}  // namespace
}  // namespace certrelay
