// Goal: a dangerous action happens only when two different persons, each with the own key and a
// role that may, signed the same bytes; a hostile front that holds live sessions of both obtains
// nothing. Method: the verbs are called with frames as such a front would make them.
#include <gtest/gtest.h>

#include "protocol/wire/answer_signature.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::make_person;
using testing::OperatorWorld;
using namespace std::chrono_literals;

TEST(Approval, TwoPersonsClearAnAlarmAndTheLedgerNamesThemTheirTerminalsAndTheReason) {  // R35
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  EXPECT_TRUE(world.cleared.empty());
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");
  ASSERT_EQ(world.cleared.size(), 1U);
  EXPECT_EQ(world.cleared[0].action, action);
  EXPECT_EQ(world.cleared[0].approver, world.admin.name());
  ASSERT_EQ(world.ledger.kinds(), (std::vector{EntryKind::kOperatorAction, EntryKind::kApproval}));
  const auto& proposed = world.ledger.entries[0];
  EXPECT_EQ(proposed.operator_name, world.clerk.name());
  EXPECT_EQ(proposed.terminal->text(), "terminal-1");
  EXPECT_EQ(proposed.stated_reason, action.reason);
  EXPECT_EQ(proposed.action_id, action.id);
  const auto& approved = world.ledger.entries[1];
  EXPECT_EQ(approved.operator_name, world.admin.name());
  EXPECT_EQ(approved.terminal->text(), "terminal-2");
}

TEST(Approval, TheProposerIsNotASecondPerson) {
  OperatorWorld world;
  const auto action = world.clear_action(world.head);
  EXPECT_EQ(world.said(world.propose(world.head, action)), "pending");
  EXPECT_EQ(world.said(world.approve(world.head, action)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kSamePerson);
  EXPECT_TRUE(world.cleared.empty());
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");  // it still waits
}

TEST(Approval, ASecondPersonWithoutTheRoleIsRefused) {
  OperatorWorld world;
  const auto action = world.clear_action(world.admin);
  EXPECT_EQ(world.said(world.propose(world.admin, action)), "pending");
  for (const auto* person : {&world.clerk, &world.auditor, &world.vendor}) {
    EXPECT_EQ(world.said(world.approve(*person, action)), "not_allowed");
    EXPECT_EQ(world.last_reason(), ErrorCode::kRoleNotAllowed);
  }
  EXPECT_TRUE(world.cleared.empty());
}

TEST(Approval, EachApprovalIsUsedOnceAndARepeatSaysTheSame) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");
  EXPECT_EQ(world.said(world.approve(world.head, action)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kActionNotPending);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "done");
  EXPECT_EQ(world.cleared.size(), 1U);
}

TEST(Approval, AtItsExpiryItIsRefusedAndAMillisecondBeforeTaken) {
  for (const auto early : {1ms, 0ms}) {
    OperatorWorld world;
    const auto action = world.clear_action(world.clerk);
    EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
    world.clock.pass(action.expires_at - world.clock.utc_now() - early);
    const bool late = early == 0ms;
    EXPECT_EQ(world.said(world.approve(world.admin, action)), late ? "not_allowed" : "done");
    EXPECT_EQ(world.cleared.size(), late ? 0U : 1U);
    if (late) {
      EXPECT_EQ(world.last_reason(), ErrorCode::kActionExpired);
    }
  }
}

TEST(Approval, WhatNobodyApprovesExpiresWithAnEntryAndItsIdStaysUsed) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  const auto frame = world.proposal(world.clerk, action);
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), frame)), "pending");
  world.clock.pass(1h);
  world.tick();
  EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kApprovalExpired);
  world.clock.step_utc(-1h);  // a clock that is set back frees nothing
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), frame)), "expired");
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "conflict");
  EXPECT_TRUE(world.cleared.empty());
}

TEST(Approval, AProposerWhoWasRevokedMeanwhileEndsIt) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  const auto revoke = world.action(world.head, "operator.revoke", {{"name", "mihon-clerk"}});
  EXPECT_EQ(world.said(world.propose(world.head, revoke)), "done");
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kProposerGone);
  EXPECT_TRUE(world.cleared.empty());
}

TEST(Approval, ARevocationWhileTheEntryIsWrittenEndsIt) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  world.ledger.before_append = [&] {
    auto next = world.store->book();
    ASSERT_TRUE(next.revoke(world.admin.name(), world.clock.utc_now()).has_value());
    ASSERT_TRUE(world.store->write(std::move(next)).has_value());
  };
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "conflict");
  EXPECT_TRUE(world.cleared.empty());
}

TEST(Approval, WithoutItsEntryNothingHappens) {  // R35
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  world.ledger.writable = false;
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "overloaded");
  EXPECT_TRUE(world.cleared.empty());
  world.ledger.writable = true;
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "failed");  // spent: propose anew
  EXPECT_TRUE(world.cleared.empty());
}

TEST(Approval, DenialByTheSecondPersonOrWithdrawalEndsIt) {
  OperatorWorld world;
  for (const auto* person : {&world.head, &world.clerk}) {
    const auto action = world.clear_action(world.clerk);
    EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
    EXPECT_EQ(world.said(world.deny(world.auditor, action)), "not_allowed");
    EXPECT_EQ(world.said(world.deny(*person, action)), "denied");
    EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kApprovalDenied);
    EXPECT_EQ(world.said(world.approve(world.admin, action)), "conflict");
  }
  EXPECT_TRUE(world.cleared.empty());
}

// A front that was captured: it may name any connection and send any bytes; the persons' keys are
// not there.
TEST(HostileFront, SessionsOfTwoPersonsClearNothingWithoutTheirKeys) {
  OperatorWorld world;
  const auto forger = make_person("forger", "clerk");
  auto action = world.clear_action(world.clerk);
  // The front signs by itself, under the person's key id or its own.
  auto request = world.proposal(forger, action);
  EXPECT_EQ(world.said(world.send(world.clerk.at("t"), request)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kForeignSignature);
  request.signature.keyid = world.clerk.key.keyid();
  EXPECT_EQ(world.said(world.send(world.clerk.at("t"), request)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  // A real proposal, and the second person's session with a forged signature.
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  auto forged = forger.key.sign(action_bytes(world.municipality(), action)).value();
  forged.keyid = world.admin.key.keyid();
  const auto path = "/v1/actions/" + action.id.text() + "/approval";
  EXPECT_EQ(world.said(world.call(world.admin.at("t"), HttpMethod::kPost, path,
                                  encode(ApproveRequest{forged}).value())),
            "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  // The proposer's own signature, replayed in the second person's session.
  const auto replayed = world.proposal(world.clerk, action).signature;
  EXPECT_EQ(world.said(world.call(world.admin.at("t"), HttpMethod::kPost, path,
                                  encode(ApproveRequest{replayed}).value())),
            "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kForeignSignature);
  EXPECT_TRUE(world.cleared.empty());
}

TEST(HostileFront, NoPartOfASignedProposalCanBeAltered) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  const auto good = world.proposal(world.clerk, action);
  std::vector<ProposeRequest> altered(5, good);
  altered[0].action.parameters[0].value = "13-1";
  altered[1].action.reason = StatedReason::parse("another").value();
  altered[2].action.expires_at += 1h;
  altered[3].action.id = world.clear_action(world.clerk).id;
  altered[4].action.code = ActionCode::parse("issuing.stop").value();
  for (const auto& request : altered) {
    EXPECT_EQ(world.said(world.send(world.clerk.at("t"), request)), "not_allowed");
    EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  }
  // Nor can the two persons change places.
  auto swapped = good;
  swapped.action.proposer = world.admin.name();
  EXPECT_EQ(world.said(world.send(world.admin.at("t"), swapped)), "not_allowed");
  EXPECT_TRUE(world.store->book().actions.empty());
}

TEST(HostileFront, SignaturesOfTwoActionsCannotBeRecombined) {
  OperatorWorld world;
  const auto first = world.clear_action(world.clerk);
  const auto second = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, first)), "pending");
  EXPECT_EQ(world.said(world.propose(world.clerk, second)), "pending");
  const auto signature = world.admin.key.sign(action_bytes(world.municipality(), first)).value();
  const auto answer = world.call(world.admin.at("t"), HttpMethod::kPost,
                                 "/v1/actions/" + second.id.text() + "/approval",
                                 encode(ApproveRequest{signature}).value());
  EXPECT_EQ(world.said(answer), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  EXPECT_TRUE(world.cleared.empty());
}

TEST(HostileFront, FramesOfYesterdayOpenNothingAfterARestart) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  EXPECT_EQ(world.said(world.approve(world.admin, action)), "done");
  world.files.power_cut();
  world.store = OperatorStore::open(world.files, world.entropy,
                                    {"/s/operators.sealed", world.municipality()}, world.outer, 0)
                    .value();
  OperatorVerbs again(OperatorWorld::default_settings(),
                      {.clock = world.clock,
                       .ledger = world.ledger,
                       .store = *world.store,
                       .entropy = world.entropy,
                       .work = world.io.get_executor(),
                       .heavy = world.io.get_executor(),
                       .state = [] { return RelayState{}; },
                       .count_refusal = [](const PeerName&, ErrorCode) {}});
  EXPECT_EQ(world.store->book().find(action.id)->state, ActionState::kDone);
}

}  // namespace
}  // namespace certrelay
