// Goal: what looks like an accident waits for two persons, and the old register serves meanwhile.
#include <gtest/gtest.h>

#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

ExtractDecision decision(const char* first = "sato", const char* second = "suzuki") {
  return {OperatorName::parse(first).value(), OperatorName::parse(second).value(),
          StatedReason::parse("合併に伴う整理").value()};
}

// 60 households in force, and a push without ten of them that waits.
struct PendingWorld : VerbsWorld {
  PendingWorld() : VerbsWorld(GuardRails{}) {
    EXPECT_EQ(activate(send(generation(1)), 1).status, 200);
    id = send(generation(2, 50));
  }
  std::optional<ExtractId> id;
  const ExtractId& push() const { return *id; }
};

TEST(Approval, DeletionsAboveTheShareWait) {
  PendingWorld world;
  const auto report = world.report(world.push());
  EXPECT_EQ(report.state, ExtractState::kPendingApproval);
  ASSERT_GE(report.warnings.size(), 2U);
  EXPECT_EQ(report.warnings[0].rule, "guard-deleted-persons");
  EXPECT_EQ(report.warnings[1].rule, "guard-deleted-cards");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractPending);
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kDeletionsAboveShare);
  EXPECT_EQ(world.status().pending_approvals, 1U);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_TRUE(world.reg->snapshot().has_value());
  const auto waiting = world.run(world.verbs.pending());
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].id, world.push());
  EXPECT_EQ(waiting[0].generation, 2U);
  EXPECT_EQ(waiting[0].plan.persons.deleted, report.plan.persons.deleted);
  EXPECT_EQ(waiting[0].reasons.front().rule, "guard-deleted-persons");
  EXPECT_FALSE(waiting[0].activation_asked);
}

// What operators' orders are judged by at once, before anybody is asked to approve.
TEST(Approval, OnlyWhatWaitsMayBeDecided) {
  PendingWorld world;
  ASSERT_EQ(world.verbs.waiting().size(), 1U);
  EXPECT_EQ(world.verbs.waiting().front().id, world.push());
  EXPECT_TRUE(world.verbs.may_decide(world.push()).has_value());
  const auto other = ExtractId::parse("7b1e9f40-3c55-4c11-a0c2-112233445566").value();
  EXPECT_EQ(world.verbs.may_decide(other).error().code, ErrorCode::kUnknownExtract);
  ASSERT_TRUE(world.run(world.verbs.approve(world.push(), decision())).has_value());
  EXPECT_EQ(world.verbs.may_decide(world.push()).error().code, ErrorCode::kNotPending);
  EXPECT_TRUE(world.verbs.waiting().empty());
}

TEST(Approval, WhatItsSenderTookBackOrItsTimeEndedDoesNotWait) {
  PendingWorld world;
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(world.push())).status, 204);
  EXPECT_TRUE(world.verbs.waiting().empty());
  EXPECT_EQ(world.verbs.may_decide(world.push()).error().code, ErrorCode::kUnknownExtract);
  PendingWorld later;
  later.clock.pass(std::chrono::hours(24));
  later.tick();
  EXPECT_TRUE(later.verbs.waiting().empty());
}

TEST(Approval, ApprovalPutsInForceWhatTheSourceSystemHasAskedFor) {
  PendingWorld world;
  const auto answer = world.activate(world.push(), 2);
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(decode_extract_report(answer.body).value().state, ExtractState::kPendingApproval);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  ASSERT_TRUE(world.run(world.verbs.approve(world.push(), decision())).has_value());
  EXPECT_EQ(world.reg->state().version.generation, 2U);
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kActive);
  EXPECT_EQ(world.status().pending_approvals, 0U);
  const auto& approved = world.ledger.entries[world.ledger.entries.size() - 2];
  EXPECT_EQ(approved.kind, EntryKind::kExtractApproved);
  EXPECT_EQ(approved.operator_name->text(), "sato");
  EXPECT_EQ(approved.approver->text(), "suzuki");
  EXPECT_EQ(approved.stated_reason->text(), "合併に伴う整理");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kRegisterActivated);
}

TEST(Approval, WithoutAnActivationItIsReadyAfterwards) {
  PendingWorld world;
  ASSERT_TRUE(world.run(world.verbs.approve(world.push(), decision())).has_value());
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kReady);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_EQ(world.activate(world.push(), 2).status, 200);
}

TEST(Approval, ApprovedForLaterWaitsForItsTime) {
  PendingWorld world;
  const auto at = UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) +
                  std::chrono::hours(3);
  EXPECT_EQ(world.activate(world.push(), 2, at).status, 202);
  EXPECT_EQ(world.run(world.verbs.pending()).front().activate_at, at);
  ASSERT_TRUE(world.run(world.verbs.approve(world.push(), decision())).has_value());
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kScheduled);
  world.clock.pass(std::chrono::hours(3));
  world.tick();
  EXPECT_EQ(world.reg->state().version.generation, 2U);
}

TEST(Approval, OnePersonIsNotTwo) {
  PendingWorld world;
  const auto refused = world.run(world.verbs.approve(world.push(), decision("sato", "sato")));
  EXPECT_EQ(refused.error().code, ErrorCode::kSameApprover);
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kPendingApproval);
}

TEST(Approval, NoDecisionWithoutItsEntry) {
  PendingWorld world;
  world.ledger.writable = false;
  EXPECT_FALSE(world.run(world.verbs.approve(world.push(), decision())).has_value());
  EXPECT_FALSE(world.run(world.verbs.deny(world.push(), decision())).has_value());
  world.ledger.writable = true;
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kPendingApproval);
}

TEST(Approval, DeniedIsGoneAndSaysSo) {
  PendingWorld world;
  EXPECT_EQ(world.activate(world.push(), 2).status, 202);
  ASSERT_TRUE(world.run(world.verbs.deny(world.push(), decision())).has_value());
  const auto report = world.report(world.push());
  EXPECT_EQ(report.state, ExtractState::kRejected);
  EXPECT_EQ(report.rejections.front().rule, "error-284");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractDenied);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_EQ(world.run(world.verbs.approve(world.push(), decision())).error().code,
            ErrorCode::kNotPending);
  EXPECT_EQ(world.activate(world.push(), 2).status, 409);
  EXPECT_TRUE(world.run(world.verbs.pending()).empty());
}

TEST(Approval, OnePersonMayDenyAndNotApprove) {
  PendingWorld world;
  auto alone = decision();
  alone.second.reset();
  alone.terminal = TerminalName::parse("terminal-1").value();
  EXPECT_EQ(world.run(world.verbs.approve(world.push(), alone)).error().code,
            ErrorCode::kSameApprover);
  ASSERT_TRUE(world.run(world.verbs.deny(world.push(), alone)).has_value());
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kRejected);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractDenied);
  EXPECT_FALSE(world.ledger.last().approver.has_value());
  EXPECT_EQ(world.ledger.last().terminal->text(), "terminal-1");
}

TEST(Approval, UnknownPushIsNotApproved) {
  PendingWorld world;
  const auto other = ExtractId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45").value();
  EXPECT_EQ(world.run(world.verbs.approve(other, decision())).error().code,
            ErrorCode::kUnknownExtract);
}

TEST(Approval, OlderGenerationIsPutInForceByTwoPersonsOnly) {
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(5)), 5).status, 200);
  const auto id = world.send(generation(4));
  EXPECT_EQ(world.report(id).state, ExtractState::kPendingApproval);
  EXPECT_EQ(world.report(id).warnings.front().rule, "guard-older-generation");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kOlderGeneration);
  EXPECT_EQ(world.activate(id, 4).status, 202);
  EXPECT_EQ(world.reg->state().version.generation, 5U);
  ASSERT_TRUE(world.run(world.verbs.approve(id, decision())).has_value());
  EXPECT_EQ(world.reg->state().version.generation, 4U);
  EXPECT_EQ(world.open().value()->state().version.generation, 4U);  // over a restart
}

// One number is not two contents while a page of the first may still be on its way.
TEST(Approval, GenerationThatWasJustInForceRestsAnHour) {
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(4)), 4).status, 200);
  ASSERT_EQ(world.activate(world.send(generation(5)), 5).status, 200);
  auto id = world.send(generation(4));
  EXPECT_EQ(world.activate(id, 4).status, 202);
  world.clock.pass(std::chrono::minutes(60) - std::chrono::seconds(1));
  EXPECT_EQ(world.run(world.verbs.approve(id, decision())).error().code, ErrorCode::kOldGeneration);
  EXPECT_EQ(world.reg->state().version.generation, 5U);
  id = world.send(generation(4));
  EXPECT_EQ(world.activate(id, 4).status, 202);
  world.clock.pass(std::chrono::seconds(1));
  ASSERT_TRUE(world.run(world.verbs.approve(id, decision())).has_value());
  EXPECT_EQ(world.reg->state().version.generation, 4U);
}

TEST(Approval, PendingPushIsNotPushedOutByOthers) {
  PendingWorld world;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world.offer(generation(3, 1)).status, 201);
  EXPECT_EQ(world.report(world.push()).state, ExtractState::kPendingApproval);
}

TEST(Approval, SenderMayTakeAPendingPushBack) {
  PendingWorld world;
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(world.push())).status, 204);
  EXPECT_EQ(world.status().pending_approvals, 0U);
}

// The share is of the register as it stands, changes included.
TEST(Approval, DeletionsThatChangesMadeDoNotCountAndAdditionsThatAreLostDo) {
  for (const bool contained : {true, false}) {
    VerbsWorld world({0, 0, 50});
    world.serve();
    const auto fresh = sample::household(100, 1);
    ASSERT_EQ(world
                  .change(1, {.households = {{fresh.household, 1, fresh.members, {1}}},
                              .deleted = {sample::person_id(31)}})
                  .status,
              200);
    auto content = sample::content(6);
    content.generation = 2;
    content.households.erase(content.households.begin() + 2);
    std::erase_if(content.cards, [](const auto& c) { return c.person == sample::person_id(31); });
    if (contained) content.households.push_back(fresh);
    auto extract = sample::extract(content);
    extract.manifest.base_generation = 1;
    extract.manifest.last_change = 1;
    const auto report = world.report(world.send(extract));
    EXPECT_EQ(report.state, contained ? ExtractState::kReady : ExtractState::kPendingApproval);
  }
}

}  // namespace
}  // namespace certrelay
