// Goal: the levers do what two persons, or one, ordered, after the entry; and an alarm that was
// found once more in between stays latched, over a restart too (INV-9).
#include "firmware/daemon/service_actions.hpp"

#include <gtest/gtest.h>

#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;

struct LeverWorld : OperatorWorld {
  LeverWorld() : OperatorWorld(default_settings(), {}, false) {
    add_service_actions(
        *verbs,
        {alarm, orders, ledger,
         [](CertificateKind kind) { return kind == CertificateKind::kJuminhyo; }, false, clock});
  }
  OperatorAction clear() { return action(clerk, "alarm.clear", {{"alarm", alarm.label()}}); }

  AlarmLatch alarm;
  ServiceOrders orders;
};

TEST(ServiceActions, AClearedAlarmIsInTheLedgerWithBothPersonsAndTheReason) {  // INV-9, R35
  LeverWorld world;
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  world.alarm.recorded(LedgerSequence(5));
  const auto action = world.clear();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  EXPECT_TRUE(world.alarm.latched());
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");
  EXPECT_FALSE(world.alarm.latched());
  const auto& entry = world.ledger.entries.back();
  EXPECT_EQ(entry.kind, EntryKind::kAlarmCleared);
  EXPECT_EQ(entry.operator_name, world.clerk.name());
  EXPECT_EQ(entry.approver, world.admin.name());
  EXPECT_EQ(entry.terminal->text(), "terminal-2");
  EXPECT_EQ(entry.stated_reason, action.reason);
  EXPECT_EQ(entry.reason, ErrorCode::kReadbackMismatch);
  EXPECT_EQ(entry.about, LedgerSequence(5));
}

TEST(ServiceActions, AnAlarmFoundOnceMoreIsAnother) {  // INV-9
  LeverWorld world;
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  world.alarm.recorded(LedgerSequence(5));
  const auto action = world.clear();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "conflict");
  EXPECT_TRUE(world.alarm.latched());
  for (const auto kind : world.ledger.kinds()) EXPECT_NE(kind, EntryKind::kAlarmCleared);
}

TEST(ServiceActions, AnAlarmIsClearedOnceItsEntryIsDurableAndNoSooner) {  // INV-9
  LeverWorld world;
  world.alarm.latch(ErrorCode::kReadbackMismatch);
  EXPECT_EQ(world.said(world.propose(world.clerk, world.clear())), "conflict");
  world.alarm.recorded(LedgerSequence(5));
  EXPECT_EQ(world.said(world.propose(world.clerk, world.clear())), "pending");
}

TEST(ServiceActions, WithoutAnAlarmThereIsNothingToClear) {
  LeverWorld world;
  const auto action = world.action(world.clerk, "alarm.clear", {{"alarm", "0-0"}});
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kNothingToDo);
}

TEST(ServiceActions, AStopIsInForceEvenWhenItsEntryFails) {
  LeverWorld world;
  world.ledger.before_append = [&] {  // the call's own entry; the effect's fails
    world.ledger.before_append = [&] { world.ledger.writable = false; };
  };
  EXPECT_EQ(world.said(world.propose(world.clerk, world.action(world.clerk, "issuing.stop"))),
            "overloaded");
  EXPECT_TRUE(world.orders.stopped());
}

TEST(ServiceActions, AClerkStopsAndOnlyAResponsiblePersonResumes) {
  LeverWorld world;
  EXPECT_EQ(world.said(world.propose(world.clerk, world.action(world.clerk, "issuing.stop"))),
            "done");
  EXPECT_TRUE(world.orders.stopped());
  EXPECT_EQ(world.said(world.propose(world.head, world.action(world.head, "issuing.stop"))),
            "conflict");
  EXPECT_EQ(world.said(world.propose(world.clerk, world.action(world.clerk, "issuing.resume"))),
            "not_allowed");
  EXPECT_EQ(world.said(world.propose(world.admin, world.action(world.admin, "issuing.resume"))),
            "done");
  EXPECT_FALSE(world.orders.stopped());
  EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kIssuingResumed);
}

TEST(ServiceActions, AKindIsSuspendedAndResumedWithItsNameInTheLedger) {
  LeverWorld world;
  const ActionParameters kind{{"kind", "juminhyo"}};
  EXPECT_EQ(world.said(world.propose(world.clerk, world.action(world.clerk, "kind.suspend", kind))),
            "done");
  EXPECT_TRUE(world.orders.suspended(CertificateKind::kJuminhyo));
  EXPECT_EQ(world.ledger.entries.back().certificate_kind, CertificateKind::kJuminhyo);
  EXPECT_EQ(world.said(world.propose(world.admin, world.action(world.admin, "kind.resume", kind))),
            "done");
  EXPECT_FALSE(world.orders.suspended(CertificateKind::kJuminhyo));
  // A kind that this city does not offer.
  const ActionParameters other{{"kind", "kisai_jiko"}};
  EXPECT_EQ(
      world.said(world.propose(world.clerk, world.action(world.clerk, "kind.suspend", other))),
      "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kKindNotOffered);
}

}  // namespace
}  // namespace certrelay
