// Goal: what an operator suspends is not begun any more and what was begun may finish; what an
// operator stops ends at every step; an alarm's label names what was looked at.
#include <gtest/gtest.h>

#include "tests/support/issuance_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;

TEST(ServiceOrders, ASuspendedKindIsNotOpenedAndWhatWasOpenedFinishes) {
  IssuanceWorld world;
  const auto begun = world.fresh_id();
  const auto inquiry = world.inquire(begun, sample_serial(1));
  ASSERT_EQ(inquiry.status, 200);
  world.orders.set_suspended(CertificateKind::kJuminhyo, true);
  const auto fresh = world.fresh_id();
  const auto refused = world.post("/v1/transactions", encode(world.open_request(fresh)).value());
  EXPECT_EQ(world.problem_of(refused), "suspended");
  EXPECT_EQ(world.issue(begun, world.take_all(inquiry)).status, 200);
  world.orders.set_suspended(CertificateKind::kJuminhyo, false);
  world.open(fresh);  // nothing was consumed
}

TEST(ServiceOrders, AStopEndsWhatWasBegunAndLeavesAnUnusedIdUnused) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(1));
  world.orders.set_stopped(true);
  EXPECT_EQ(world.problem_of(world.issue(id, world.take_all(inquiry))), "issuing_stopped");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kAbandoned);
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kStoppedByOperator);
  const auto fresh = world.fresh_id();
  const auto opened = world.post("/v1/transactions", encode(world.open_request(fresh)).value());
  EXPECT_EQ(world.problem_of(opened), "issuing_stopped");
  EXPECT_EQ(world.issuance.unavailable(Issuance::Begins::kNew), ErrorCode::kStoppedByOperator);
  world.orders.set_stopped(false);
  EXPECT_EQ(world.problem_of(world.issue(id, world.take_all(inquiry))), "expired");
  world.open(fresh);
}

TEST(ServiceOrders, AStopThatWasTakenBackAtOnceHasEndedEverythingToo) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(1));
  world.orders.set_stopped(true);
  world.orders.set_stopped(false);
  EXPECT_EQ(world.problem_of(world.issue(id, world.take_all(inquiry))), "expired");
  world.open(world.fresh_id());
}

// However late whoever asked before comes back: the next asks for the next stop only.
TEST(ServiceOrders, AStopIsToldOnce) {
  ServiceOrders orders;
  EXPECT_FALSE(orders.take_stop());
  orders.set_stopped(true);
  orders.set_stopped(false);
  EXPECT_TRUE(orders.take_stop());
  EXPECT_FALSE(orders.take_stop());
  orders.set_stopped(true);
  EXPECT_TRUE(orders.take_stop());
  EXPECT_FALSE(orders.take_stop());
}

// A stop that was over before it: one that an earlier run left in force, say, and was taken back.
TEST(ServiceOrders, AStopEndsNothingThatIsOpenedAfterIt) {
  IssuanceWorld world;
  world.orders.set_stopped(true);
  world.orders.set_stopped(false);
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(1));
  ASSERT_EQ(inquiry.status, 200);
  EXPECT_EQ(world.issue(id, world.take_all(inquiry)).status, 200);
}

TEST(ServiceOrders, AStopGivesNoStoredDocumentASecondTime) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = world.take_all(world.inquire(id, sample_serial(1)));
  ASSERT_EQ(world.issue(id, request).status, 200);
  world.orders.set_stopped(true);
  EXPECT_EQ(world.problem_of(world.issue(id, request)), "issuing_stopped");
  world.orders.set_stopped(false);
  EXPECT_EQ(world.problem_of(world.issue(id, request)), "answer_gone");
}

TEST(ServiceOrders, AStopWhileTheItemsBecomeDurableKeepsThemBack) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  world.ledger.before_order = [&](const Entry& entry) {
    if (entry.kind == EntryKind::kProvisionInquiry) world.orders.set_stopped(true);
  };
  EXPECT_EQ(world.problem_of(world.inquire(id, sample_serial(1))), "issuing_stopped");
}

TEST(AlarmLatch, WhileItIsLatchedNoStoredDocumentLeavesASecondTime) {  // INV-9
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = world.take_all(world.inquire(id, sample_serial(1)));
  const auto document = world.issue(id, request);
  ASSERT_EQ(document.status, 200);
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  EXPECT_EQ(world.problem_of(world.issue(id, request)), "issuing_stopped");
  EXPECT_TRUE(world.alarm.clear(world.alarm.label()));
  EXPECT_EQ(world.issue(id, request).body, document.body);
}

TEST(AlarmLatch, ALabelClearsTheAlarmThatWasLookedAtAndNoOther) {  // INV-9
  AlarmLatch alarm;
  EXPECT_FALSE(alarm.clear(""));
  EXPECT_TRUE(alarm.latch(ErrorCode::kReadbackMismatch));
  alarm.recorded(LedgerSequence(12));
  const auto label = alarm.label();
  EXPECT_EQ(label, "12-1");
  EXPECT_FALSE(alarm.latch(ErrorCode::kReadbackMismatch));  // found once more
  EXPECT_FALSE(alarm.clear(label));
  EXPECT_TRUE(alarm.latched());
  EXPECT_TRUE(alarm.clear(alarm.label()));
  EXPECT_FALSE(alarm.latched());
  EXPECT_TRUE(alarm.latch(ErrorCode::kPdfUnreadable));
  EXPECT_FALSE(alarm.clear("12-2"));
}

// The daily check finds tomorrow what it found today, and after a restart what is latched already:
// two persons who are about to clear it have looked at just that.
TEST(AlarmLatch, WhatACheckFindsAgainIsNoOccurrenceOfItsOwn) {  // INV-9
  AlarmLatch alarm;
  EXPECT_TRUE(alarm.latch_finding(ErrorCode::kChainBroken));
  alarm.recorded(LedgerSequence(12));
  const auto label = alarm.label();
  EXPECT_FALSE(alarm.latch_finding(ErrorCode::kChainBroken));
  EXPECT_EQ(alarm.label(), label);
  EXPECT_FALSE(alarm.latch_finding(ErrorCode::kStoreCorrupt));  // another finding is one
  EXPECT_NE(alarm.label(), label);
  EXPECT_TRUE(alarm.clear(alarm.label()));
  EXPECT_TRUE(alarm.latch_finding(ErrorCode::kChainBroken));  // cleared, and still there
}

}  // namespace
}  // namespace certrelay
