// The intents of a day in Japan, found by halving in a ledger of several pages.
#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::entry_of;
using testing::transaction;

class LedgerDaysTest : public ::testing::Test {
 protected:
  void SetUp() override { world_.start(); }
  void append(EntryKind kind, std::uint8_t n) {
    ASSERT_TRUE(world_.append(entry_of(kind, transaction(n))).has_value());
  }
  void pass_to(UtcTime time) { world_.clock.pass(time - world_.clock.utc_now()); }
  JstDay today() const { return jst_day(world_.clock.utc_now()); }
  std::vector<TransactionId> on(JstDay day) {
    std::vector<TransactionId> out;
    const auto intents = world_.ledger->intents_on(day).value();
    for (const auto& entry : intents) {
      EXPECT_EQ(entry.kind, EntryKind::kProvisionIntent);
      out.push_back(*entry.transaction);
    }
    return out;
  }
  testing::LedgerWorld world_;
};

TEST_F(LedgerDaysTest, ADayIsHalfOpenInJapan) {
  const auto midnight = jst_midnight(today() + std::chrono::days(1));
  pass_to(midnight - 1ms);
  append(EntryKind::kProvisionIntent, 1);
  append(EntryKind::kOpened, 2);
  pass_to(midnight);
  append(EntryKind::kProvisionIntent, 3);
  EXPECT_EQ(on(today() - std::chrono::days(1)), std::vector<TransactionId>(1, transaction(1)));
  EXPECT_EQ(on(today()), std::vector<TransactionId>(1, transaction(3)));
  EXPECT_TRUE(on(today() + std::chrono::days(1)).empty());
  EXPECT_TRUE(on(today() - std::chrono::days(2)).empty());
}

TEST_F(LedgerDaysTest, ManyPagesLoseAndRepeatNothing) {
  const auto first_day = today();
  std::vector<std::vector<TransactionId>> expected(5);
  for (std::size_t day = 0; day < expected.size(); ++day) {
    for (std::uint8_t n = 0; n < 130; ++n) {
      append(EntryKind::kOpened, n);
      append(EntryKind::kProvisionIntent, n);
      append(EntryKind::kEvent, n);
      expected[day].push_back(transaction(n));
    }
    pass_to(jst_midnight(today() + std::chrono::days(1)) + 1h);
  }
  for (std::size_t day = 0; day < expected.size(); ++day) {
    EXPECT_EQ(on(first_day + std::chrono::days(day)), expected[day]) << day;
  }
}

// The first entries of a machine whose clock nobody has set carry its date: they end no day.
TEST_F(LedgerDaysTest, ADateThatNobodyTrustedHidesNoDay) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.create().has_value());
  ASSERT_TRUE(world.open().has_value());
  world.clock.step_utc(24h * 365 * 14);
  ASSERT_TRUE(world.append(entry_of(EntryKind::kBoot)).has_value());
  world.clock.step_utc(-24h * 365 * 14);
  ASSERT_TRUE(world.ledger->accept_clock(UtcTime{}));
  const auto day = jst_day(world.clock.utc_now());
  ASSERT_TRUE(world.append(entry_of(EntryKind::kProvisionIntent, transaction(1))).has_value());
  EXPECT_EQ(world.ledger->intents_on(day).value().size(), 1U);
}

TEST_F(LedgerDaysTest, AnEmptyLedgerHasNoDays) { EXPECT_TRUE(on(today()).empty()); }

TEST_F(LedgerDaysTest, AClosedLedgerRefuses) {
  append(EntryKind::kOpened, 1);
  ASSERT_TRUE(world_.ledger->close().has_value());
  EXPECT_EQ(world_.ledger->intents_on(today()).error().code, ErrorCode::kLedgerClosed);
}

}  // namespace
}  // namespace certrelay
