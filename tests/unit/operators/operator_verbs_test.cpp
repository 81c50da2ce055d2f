// Goal: nobody does what the table of roles does not allow; accounts begin by application and
// approval and end at once; every call and refusal is in the ledger.
#include <gtest/gtest.h>

#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::make_person;
using testing::OperatorWorld;
using namespace std::chrono_literals;

ActionParameters application_of(const testing::Person& person) {
  return parameters_of(person.signed_application());
}

TEST(Roles, TheAuditorReadsAllAndChangesNothing) {  // R31, R40
  OperatorWorld world;
  for (const char* path : {"/v1/state", "/v1/approvals", "/v1/operators"}) {
    EXPECT_EQ(world.get(world.auditor, path).status, 200) << path;
  }
  for (const auto& permission : kPermissions) {
    if (permission.verb.ends_with(".read")) continue;
    // The own log-in is the own: password, authenticator, security keys.
    if (permission.verb.starts_with("security_key.")) continue;
    const auto action = world.action(world.auditor, permission.verb);
    EXPECT_EQ(world.said(world.propose(world.auditor, action)), "not_allowed");
    EXPECT_EQ(world.last_reason(), ErrorCode::kRoleNotAllowed) << permission.verb;
  }
  EXPECT_TRUE(world.store->book().actions.empty());
}

TEST(Roles, TheVendorSeesTheStateAlone) {  // R37
  OperatorWorld world;
  EXPECT_EQ(world.get(world.vendor, "/v1/state").status, 200);
  for (const char* path : {"/v1/approvals", "/v1/operators"}) {
    EXPECT_EQ(world.said(world.get(world.vendor, path)), "not_allowed") << path;
  }
}

TEST(Roles, WhatTheTableLacksNobodyMayDo) {
  OperatorWorld world;
  for (const auto* person : {&world.clerk, &world.admin, &world.head}) {
    const auto action = world.action(*person, "register.read");
    EXPECT_EQ(world.said(world.propose(*person, action)), "bad_request");
    EXPECT_EQ(world.last_reason(), ErrorCode::kActionUnknown);
    EXPECT_EQ(world.said(world.get(*person, "/v1/persons")), "not_found");
  }
  // Known, with a parameter that it does not have, and without the one that it has.
  auto action = world.action(world.clerk, "issuing.stop", {{"kind", "juminhyo"}});
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "bad_request");
  action = world.action(world.clerk, "alarm.clear");
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "bad_request");
}

TEST(Operators, OnePersonStopsIssuingAtOnceAndOnce) {
  OperatorWorld world;
  const auto action = world.action(world.clerk, "issuing.stop");
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "done");
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "done");
  EXPECT_EQ(world.stopped.size(), 1U);
}

TEST(Operators, AnEndThatTheDiskRefusedIsWrittenByALaterTick) {
  OperatorWorld world;
  const auto action = world.action(world.clerk, "issuing.stop");
  world.ledger.before_append = [&] {  // after the proposal is kept, before its end is
    world.files.fail_all(testing::Call::kSync, ErrorCode::kDiskFull);
  };
  EXPECT_NE(world.said(world.propose(world.clerk, action)), "done");
  EXPECT_EQ(world.stopped.size(), 1U);
  world.files.heal();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.tick();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "done");
  EXPECT_EQ(world.stopped.size(), 1U);
}

TEST(Operators, EveryCallAndRefusalHasAnEntryWithPersonAndTerminal) {  // R31, R35
  OperatorWorld world;
  EXPECT_EQ(world.get(world.auditor, "/v1/operators").status, 200);
  EXPECT_EQ(world.get(world.clerk, "/v1/operators").status, 403);
  ASSERT_EQ(world.ledger.kinds(),
            (std::vector{EntryKind::kOperatorViewed, EntryKind::kOperatorRefused}));
  EXPECT_EQ(world.ledger.entries[0].action->text(), "operators.read");
  for (const auto& entry : world.ledger.entries) {
    EXPECT_TRUE(entry.operator_name.has_value());
    EXPECT_EQ(entry.terminal->text(), "terminal-1");
  }
}

TEST(Operators, ARevocationHoldsFromTheVeryNextRequest) {  // R30
  OperatorWorld world;
  EXPECT_EQ(world.get(world.clerk, "/v1/state").status, 200);
  const auto revoke = world.action(world.admin, "operator.revoke", {{"name", "mihon-clerk"}});
  EXPECT_EQ(world.said(world.propose(world.admin, revoke)), "done");
  EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kOperatorsChanged);
  EXPECT_EQ(world.ledger.entries.back().account, world.clerk.name());
  EXPECT_EQ(world.ledger.entries.back().count, world.store->book().version - 1);
  EXPECT_EQ(world.said(world.get(world.clerk, "/v1/state")), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorRevoked);
}

TEST(Operators, AnAccountEndsWithItsLastDay) {  // R34
  OperatorWorld world;
  const auto midnight = jst_midnight(parse_iso_day("2027-01-01").value());
  world.clock.step_utc(midnight - 1ms - world.clock.utc_now());
  EXPECT_EQ(world.get(world.vendor, "/v1/state").status, 200);
  world.clock.step_utc(1ms);
  EXPECT_EQ(world.said(world.get(world.vendor, "/v1/state")), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorEnded);
}

TEST(Operators, AnUnknownKeyOrTerminalIsCountedAndToldNothing) {
  OperatorWorld world;
  const auto stranger = make_person("stranger", "clerk");
  EXPECT_EQ(world.said(world.get(stranger, "/v1/state")), "not_allowed");
  const auto bare = PeerName::parse(world.clerk.client_keyid()).value();
  EXPECT_EQ(world.said(world.call(bare, HttpMethod::kGet, "/v1/state")), "not_allowed");
  EXPECT_TRUE(world.ledger.entries.empty());
}

TEST(Operators, APersonsCallsAreBoundedAMinute) {
  auto settings = OperatorWorld::default_settings();
  settings.calls_per_minute_max = 3;
  OperatorWorld world(settings);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.get(world.clerk, "/v1/state").status, 200);
  EXPECT_EQ(world.said(world.get(world.clerk, "/v1/state")), "overloaded");
  EXPECT_EQ(world.get(world.admin, "/v1/state").status, 200);
  EXPECT_EQ(world.ledger.entries.size(), 4U);
  world.clock.pass(1min);
  EXPECT_EQ(world.get(world.clerk, "/v1/state").status, 200);
}

TEST(Grant, BeginsWithTheApplicationAndIsApprovedByTheCenterHead) {  // R30
  OperatorWorld world;
  const auto fresh = make_person("mihon-fresh", "clerk");
  const auto add = world.action(world.admin, "operator.add", application_of(fresh));
  EXPECT_EQ(world.said(world.propose(world.admin, add)), "pending");
  EXPECT_EQ(world.said(world.get(fresh, "/v1/state")), "not_allowed");
  EXPECT_EQ(world.said(world.approve(world.clerk, add)), "not_allowed");
  EXPECT_EQ(world.said(world.approve(world.head, add)), "done");
  EXPECT_EQ(world.get(fresh, "/v1/state").status, 200);
  for (const auto& entry : world.ledger.entries) {
    if (entry.kind != EntryKind::kOperatorsChanged) continue;
    EXPECT_EQ(entry.account, fresh.name());
    EXPECT_EQ(entry.approver, world.head.name());
  }
}

TEST(Grant, IsNeverApprovedForOneself) {  // R30
  OperatorWorld world;
  auto again = make_person("mihon-second-name", "city_administrator");
  again.application.approval_key = world.head.application.approval_key;
  SignedApplication application{again.application, {}};
  application.signature =
      world.head.key.sign(application_bytes(world.municipality(), again.application))
          .value()
          .signature;
  const auto add = world.action(world.admin, "operator.add", parameters_of(application));
  // A key that an account has makes no second account.
  EXPECT_EQ(world.said(world.propose(world.admin, add)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorExists);
}

TEST(Grant, AnApplicationThatTheApplicantDidNotSignIsRefused) {
  OperatorWorld world;
  const auto fresh = make_person("mihon-fresh", "clerk");
  auto application = fresh.signed_application();
  application.application.roles = "city_administrator";
  const auto add = world.action(world.admin, "operator.add", parameters_of(application));
  EXPECT_EQ(world.said(world.propose(world.admin, add)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
}

TEST(Grant, NineActiveAccountsAndNoTenthUntilOneEnds) {  // R13
  std::vector<SignedApplication> further;
  for (int i = 0; i < 3; ++i) {
    further.push_back(make_person("mihon-more-" + std::to_string(i), "clerk").signed_application());
  }
  OperatorWorld world(OperatorWorld::default_settings(), further);
  const auto ninth = make_person("mihon-ninth", "clerk");
  const auto add = world.action(world.admin, "operator.add", application_of(ninth));
  EXPECT_EQ(world.said(world.propose(world.admin, add)), "pending");
  EXPECT_EQ(world.said(world.approve(world.head, add)), "done");
  const auto tenth = make_person("mihon-tenth", "auditor");
  auto more = world.action(world.admin, "operator.add", application_of(tenth));
  EXPECT_EQ(world.said(world.propose(world.admin, more)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorsFull);
  const auto revoke = world.action(world.admin, "operator.revoke", {{"name", "mihon-more-0"}});
  EXPECT_EQ(world.said(world.propose(world.admin, revoke)), "done");
  more = world.action(world.admin, "operator.add", application_of(tenth));
  EXPECT_EQ(world.said(world.propose(world.admin, more)), "pending");
}

TEST(Grant, TheLastCenterHeadCannotBeRevoked) {
  OperatorWorld world;
  const auto revoke = world.action(world.admin, "operator.revoke", {{"name", "mihon-head"}});
  EXPECT_EQ(world.said(world.propose(world.admin, revoke)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kLastCenterHead);
}

TEST(Grant, RulesOfAccounts) {  // R34
  const UtcTime now{std::chrono::milliseconds{1'795'316'400'000}};
  const auto judge = [&](std::string_view roles, std::string_view affiliation,
                         std::string_view ends_on) {
    return account_from(make_person("mihon", roles, affiliation, ends_on).application, now)
        .has_value();
  };
  EXPECT_TRUE(judge("clerk", "staff", ""));
  EXPECT_TRUE(judge("clerk", "dispatched", "2027-03-31"));
  EXPECT_FALSE(judge("clerk", "dispatched", ""));
  EXPECT_FALSE(judge("clerk", "staff", "2026-11-21"));  // yesterday in Japan
  EXPECT_TRUE(judge("clerk", "staff", "2026-11-22"));
  EXPECT_FALSE(judge("clerk,auditor", "staff", ""));
  EXPECT_FALSE(judge("vendor", "staff", ""));
  EXPECT_FALSE(judge("city_administrator", "contractor", "2027-03-31"));
  EXPECT_FALSE(judge("clerk,clerk", "staff", ""));
}

TEST(Limits, PendingActionsAreBoundedAndListed) {
  auto settings = OperatorWorld::default_settings();
  settings.pending_max = 2;
  OperatorWorld world(settings);
  std::vector<OperatorAction> actions;
  for (int i = 0; i < 3; ++i) actions.push_back(world.clear_action(world.clerk));
  EXPECT_EQ(world.said(world.propose(world.clerk, actions[0])), "pending");
  EXPECT_EQ(world.said(world.propose(world.clerk, actions[1])), "pending");
  EXPECT_EQ(world.said(world.propose(world.clerk, actions[2])), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kActionsFull);
  const auto list = decode_pending_list(world.get(world.head, "/v1/approvals").body).value();
  ASSERT_EQ(list.pending.size(), 2U);
  EXPECT_EQ(list.pending[0].action, actions[0]);
}

TEST(Limits, AProposalLivesADayAtMost) {
  OperatorWorld world;
  for (const auto more : {0s, 1s}) {
    auto action = world.clear_action(world.clerk);
    action.expires_at =
        UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) + 24h + more;
    EXPECT_EQ(world.said(world.propose(world.clerk, action)),
              more == 0s ? "pending" : "not_allowed");
  }
  EXPECT_EQ(world.last_reason(), ErrorCode::kActionLifetime);
}

TEST(Accounts, AreFlaggedAfterNinetyDaysWithoutACall) {  // R34
  OperatorWorld world;
  const auto unused = [&](const testing::Person& person) {
    return is_unused(*world.store->book().find(person.name()), world.clock.utc_now());
  };
  world.clock.step_utc(24h * 89);
  EXPECT_FALSE(unused(world.clerk));
  EXPECT_EQ(world.get(world.admin, "/v1/state").status, 200);
  world.clock.step_utc(24h);
  EXPECT_TRUE(unused(world.clerk));
  EXPECT_FALSE(unused(world.admin));
}

}  // namespace
}  // namespace certrelay
