// Goal: what operators ordered, and an alarm, hold over a restart, whatever was written between.
#include "relay/ledger/standing_orders.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

Entry entry(EntryKind kind, std::uint64_t sequence = 1) {
  Entry out;
  out.kind = kind;
  out.sequence = LedgerSequence(sequence);
  return out;
}

TEST(StandingOrders, AnAlarmStaysUntilItIsClearedAndNoSuccessClearsIt) {  // INV-9
  StandingOrders orders;
  auto latched = entry(EntryKind::kAlarmLatched, 7);
  latched.reason = ErrorCode::kReadbackMismatch;
  orders.take(latched);
  orders.take(entry(EntryKind::kProvisionIntent, 8));
  orders.take(entry(EntryKind::kIssuingResumed, 9));
  EXPECT_EQ(orders.alarm, ErrorCode::kReadbackMismatch);
  EXPECT_EQ(orders.alarm_entry, LedgerSequence(7));
  orders.take(entry(EntryKind::kAlarmCleared, 10));
  EXPECT_EQ(orders.alarm, ErrorCode::kNone);
}

TEST(StandingOrders, TheLastWordOfStopsAndSuspensionsHolds) {
  StandingOrders orders;
  auto suspended = entry(EntryKind::kKindSuspended);
  suspended.certificate_kind = CertificateKind::kJuminhyo;
  auto resumed = entry(EntryKind::kKindResumed);
  resumed.certificate_kind = CertificateKind::kKisaiJiko;
  orders.take(entry(EntryKind::kIssuingStopped));
  orders.take(suspended);
  orders.take(resumed);
  EXPECT_TRUE(orders.issuing_stopped);
  EXPECT_EQ(orders.suspended_kinds, (std::set{CertificateKind::kJuminhyo}));
  resumed.certificate_kind = CertificateKind::kJuminhyo;
  orders.take(resumed);
  orders.take(entry(EntryKind::kIssuingResumed));
  EXPECT_FALSE(orders.issuing_stopped);
  EXPECT_TRUE(orders.suspended_kinds.empty());
}

TEST(StandingOrders, KnowTheHighestVersionOfTheAccounts) {
  StandingOrders orders;
  for (const std::uint64_t version : {3U, 5U, 4U}) {
    auto changed = entry(EntryKind::kOperatorsChanged);
    changed.count = version;
    orders.take(changed);
  }
  // A log-in, a lock-out and a change of one's own password write the store too.
  for (const auto kind :
       {EntryKind::kOperatorSignedIn, EntryKind::kOperatorLockedOut, EntryKind::kLogInChanged}) {
    auto written = entry(kind);
    written.count = orders.operators_version + 1;
    orders.take(written);
  }
  EXPECT_EQ(orders.operators_version, 8U);
  auto other = entry(EntryKind::kExtractOffered);
  other.count = 3000;  // residents
  orders.take(other);
  EXPECT_EQ(orders.operators_version, 8U);
}

}  // namespace
}  // namespace certrelay
