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

TEST(ServiceOrders, AStopHoldsAtEveryStepAndConsumesNothing) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(1));
  world.orders.set_stopped(true);
  EXPECT_EQ(world.problem_of(world.issue(id, world.take_all(inquiry))), "issuing_stopped");
  const auto opened =
      world.post("/v1/transactions", encode(world.open_request(world.fresh_id())).value());
  EXPECT_EQ(world.problem_of(opened), "issuing_stopped");
  EXPECT_EQ(world.issuance.unavailable(Issuance::Begins::kNew), ErrorCode::kStoppedByOperator);
  world.orders.set_stopped(false);
  EXPECT_EQ(world.issue(id, world.take_all(inquiry)).status, 200);
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

}  // namespace
}  // namespace certrelay
