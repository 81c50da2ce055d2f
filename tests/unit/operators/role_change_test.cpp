// Goal: roles change as a grant does (R30): the person applies, the center's head approves, nobody
// for oneself, and the rules of accounts hold for what it becomes.
#include <gtest/gtest.h>

#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::make_person;
using testing::OperatorWorld;
using testing::Person;

struct RoleWorld : OperatorWorld {
  using OperatorWorld::OperatorWorld;
  OperatorAction roles(const Person& person, const std::string& wanted) {
    return action(person, "operator.roles",
                  {{"name", std::string(person.name().text())}, {"roles", wanted}});
  }
  RoleSet now(const Person& person) { return store->book().find(person.name())->roles; }
};

TEST(RoleChange, IsAskedForByThePersonAndApprovedByTheCenterHead) {  // R30
  RoleWorld world;
  const auto wanted = world.roles(world.clerk, "clerk,city_administrator");
  EXPECT_EQ(world.said(world.propose(world.clerk, wanted)), "pending");
  EXPECT_EQ(world.said(world.approve(world.clerk, wanted)), "not_allowed");
  EXPECT_EQ(world.said(world.approve(world.admin, wanted)), "not_allowed");
  EXPECT_EQ(world.now(world.clerk), RoleSet{OperatorRole::kClerk});
  EXPECT_EQ(world.said(world.approve(world.head, wanted)), "done");
  EXPECT_EQ(world.now(world.clerk),
            (RoleSet{OperatorRole::kClerk, OperatorRole::kCityAdministrator}));
  const auto& entry = world.ledger.entries.back();
  EXPECT_EQ(entry.kind, EntryKind::kOperatorsChanged);
  EXPECT_EQ(entry.account, world.clerk.name());
  EXPECT_EQ(entry.operator_name, world.clerk.name());
  EXPECT_EQ(entry.approver, world.head.name());
  // What the role may do holds from the next call on.
  EXPECT_EQ(world.get(world.clerk, "/v1/operators").status, 200);
}

TEST(RoleChange, NobodyAsksForAnothersRoles) {
  RoleWorld world;
  const auto wanted =
      world.action(world.head, "operator.roles",
                   {{"name", std::string(world.clerk.name().text())}, {"roles", "auditor"}});
  EXPECT_EQ(world.said(world.propose(world.head, wanted)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kRoleNotAllowed);
  EXPECT_EQ(world.now(world.clerk), RoleSet{OperatorRole::kClerk});
}

// An auditor reads, and a vendor maintains: who was that becomes nobody else's second half by an
// application from that very account. A new grant begins with a new account.
TEST(RoleChange, AuditorAndVendorDoNotAsk) {  // R31, R37, R40
  RoleWorld world;
  for (const auto* person : {&world.auditor, &world.vendor}) {
    const auto before = world.now(*person);
    EXPECT_EQ(world.said(world.propose(*person, world.roles(*person, "clerk"))), "not_allowed");
    EXPECT_EQ(world.last_reason(), ErrorCode::kRoleNotAllowed);
    EXPECT_EQ(world.now(*person), before);
  }
  EXPECT_TRUE(world.store->book().actions.empty());
}

TEST(RoleChange, TheHeadNeedsAnotherHeadAndTheLastOneStays) {  // R30
  RoleWorld world;
  const auto down = world.roles(world.head, "clerk");
  EXPECT_EQ(world.said(world.propose(world.head, down)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kLastCenterHead);
  const auto more = world.roles(world.head, "center_head,city_administrator");
  EXPECT_EQ(world.said(world.propose(world.head, more)), "pending");
  EXPECT_EQ(world.said(world.approve(world.head, more)), "not_allowed");
}

TEST(RoleChange, KeepsTheRulesOfAccounts) {  // R34
  const auto guest = make_person("mihon-guest", "clerk", "contractor", "2099-03-31");
  RoleWorld world(OperatorWorld::default_settings(), {guest.signed_application()});
  const auto refused = [&](const Person& person, const std::string& roles) {
    EXPECT_EQ(world.said(world.propose(person, world.roles(person, roles))), "conflict") << roles;
    return world.last_reason();
  };
  EXPECT_EQ(refused(guest, "city_administrator"), ErrorCode::kOperatorInvalid);
  EXPECT_EQ(refused(world.clerk, "clerk,auditor"), ErrorCode::kOperatorInvalid);
  EXPECT_EQ(refused(world.clerk, "vendor"), ErrorCode::kOperatorInvalid);
  EXPECT_EQ(refused(world.clerk, "clerk"), ErrorCode::kOperatorInvalid) << "what it already is";
  EXPECT_NE(world.said(world.propose(world.clerk, world.roles(world.clerk, "king"))), "pending");
}

}  // namespace
}  // namespace certrelay
