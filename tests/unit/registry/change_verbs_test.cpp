// The calls after the extract: changes, heartbeats, reconciliation, holds.
#include <gtest/gtest.h>

#include "protocol/extract/change.hpp"
#include "protocol/wire/problem.hpp"
#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

TEST(ChangeVerbs, ChangeIsWithdrawnRecordedAndAcknowledged) {  // INV-6
  VerbsWorld world;
  world.serve();
  const auto answer = world.change(1, {.deleted = {sample::person_id(31)}});
  ASSERT_EQ(answer.status, 200) << as_text(answer.body);
  const auto said = decode_register_acknowledgement(answer.body).value();
  EXPECT_EQ(said.version, (RegisterVersion{1, 1}));
  EXPECT_TRUE(said.quarantined.empty());
  EXPECT_EQ(world.hand_overs.withdrawn, std::vector{sample::household_id(3)});
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kChangeAcknowledged);
  EXPECT_EQ(world.ledger.last().register_version, (RegisterVersion{1, 1}));
  EXPECT_TRUE(world.ledger.last().subjects.empty());
  EXPECT_EQ(world.status().version, (RegisterVersion{1, 1}));
}

TEST(ChangeVerbs, VeryRequestAgainGetsTheSameAcknowledgementAndNoEntry) {
  VerbsWorld world;
  world.serve();
  const auto clear = encode(RegisterChange{.deleted = {sample::person_id(31)}}).value();
  const auto statement =
      world.key.sign(StatementKind::kChange, MunicipalityCode::parse("392901").value(),
                     {1, 1, world.clock.utc_now() + std::chrono::milliseconds(1)}, clear);
  const HttpHeaders headers{{std::string(kStatementHeader), format_statement(statement.value())}};
  const auto sealed = seal_change(world.status().change_key, clear);
  const auto first = world.call(HttpMethod::kPost, "/v1/changes", sealed, headers);
  const auto entries = world.ledger.entries.size();
  const auto again = world.call(HttpMethod::kPost, "/v1/changes", sealed, headers);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(world.ledger.entries.size(), entries);
  EXPECT_EQ(world.change(1, {.deleted = {sample::person_id(61)}}).status, 409);
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kChangeConflict);
}

TEST(ChangeVerbs, NoAcknowledgementWithoutItsEntry) {
  VerbsWorld world;
  world.serve();
  world.ledger.writable = false;
  EXPECT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 503);
  EXPECT_EQ(world.status().version, (RegisterVersion{1, 1}));  // in force all the same
  world.ledger.writable = true;
  EXPECT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kChangeAcknowledged);
}

TEST(ChangeVerbs, GapNamesTheExpectedNumberAndTheMissingChangesMendIt) {
  VerbsWorld world;
  world.serve();
  const auto answer = world.change(3, {});
  EXPECT_EQ(world.problem_of(answer), "sequence_gap");
  EXPECT_NE(decode_problem(answer.body).value().detail.find("1です"), std::string::npos);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kSequenceGap);
  EXPECT_EQ(world.status().reason, "gap");
  EXPECT_EQ(world.status().seconds_to_bound, 0);
  EXPECT_EQ(world.problem_of(world.beat(3)), "sequence_gap");
  for (const std::uint64_t number : {1U, 2U, 3U}) EXPECT_EQ(world.change(number, {}).status, 200);
  EXPECT_EQ(world.status().reason, "ready");
  EXPECT_EQ(world.beat(3).status, 200);
}

TEST(ChangeVerbs, QuarantinedChangeIsAcknowledgedWithItsFinding) {
  VerbsWorld world;
  world.serve();
  const auto answer = world.change(1, {.deleted = {sample::person_id(11)}});
  const auto said = decode_register_acknowledgement(answer.body).value();
  ASSERT_EQ(said.quarantined.size(), 1U);
  EXPECT_EQ(said.quarantined.front().rule, "household-not-whole");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kChangeQuarantined);
  EXPECT_EQ(world.hand_overs.withdrawn, std::vector{sample::household_id(1)});
  EXPECT_EQ(world.status().quarantined, 1U);
  EXPECT_EQ(world.status().reason, "ready");
}

// The clerk at the source system sees what was put aside and why until it is mended.
TEST(ChangeVerbs, StatusListsTheChangesPutAsideUntilTheirHouseholdCameWhole) {
  VerbsWorld world;
  world.serve();
  EXPECT_TRUE(world.status().put_aside.empty());
  const RegisterChange part{.deleted = {sample::person_id(11)}};
  ASSERT_EQ(world.change(1, {}).status, 200);
  ASSERT_EQ(world.change(2, part).status, 200);
  ASSERT_EQ(world.change(3, part).status, 200);
  ASSERT_EQ(world.change(4, {.deleted = {sample::person_id(41)}}).status, 200);
  const auto aside = world.status().put_aside;
  ASSERT_EQ(aside.size(), 3U);
  EXPECT_EQ(aside[0].sequence, 2U);
  EXPECT_EQ(aside[1].sequence, 3U);
  EXPECT_EQ(aside[2].sequence, 4U);
  ASSERT_EQ(aside[0].findings.size(), 1U);
  EXPECT_EQ(aside[0].findings[0].rule, "household-not-whole");
  EXPECT_FALSE(aside[0].findings[0].mend.empty());
  EXPECT_EQ(aside[0].since,
            UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())));
  EXPECT_EQ(world.status().quarantined, 2U);
  const auto whole = sample::household(1, 3);
  ASSERT_EQ(
      world.change(5, {.households = {{whole.household, 1, whole.members, {1, 2, 3}}}}).status,
      200);
  ASSERT_EQ(world.status().put_aside.size(), 1U);
  EXPECT_EQ(world.status().put_aside[0].sequence, 4U);
}

TEST(ChangeVerbs, StatusNamesTheMissingChanges) {
  VerbsWorld world;
  world.serve();
  EXPECT_FALSE(world.status().announced.has_value());
  EXPECT_EQ(world.problem_of(world.change(3, {})), "sequence_gap");
  EXPECT_EQ(world.status().announced, 3U);
  for (const std::uint64_t number : {1U, 2U}) EXPECT_EQ(world.change(number, {}).status, 200);
  EXPECT_EQ(world.status().announced, 3U);
  EXPECT_EQ(world.change(3, {}).status, 200);
  EXPECT_FALSE(world.status().announced.has_value());
}

TEST(ChangeVerbs, WrongSignatureMunicipalityKeyAndGenerationRefuseAChange) {
  VerbsWorld world;
  world.serve();
  const auto clear = encode(RegisterChange{.deleted = {sample::person_id(31)}}).value();
  const auto city = MunicipalityCode::parse("131016").value();
  EXPECT_EQ(
      world.problem_of(world.call_sealed(StatementKind::kChange, "/v1/changes", 1, clear, city)),
      "statement_refused");
  EXPECT_EQ(world.problem_of(world.call_sealed(StatementKind::kHeartbeat, "/v1/changes", 1, clear,
                                               MunicipalityCode::parse("392901").value())),
            "statement_refused");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kBadSignature);
  // In the clear, or to a key that is gone.
  EXPECT_EQ(world.problem_of(world.call_signed(StatementKind::kChange, "/v1/changes", clear, 1)),
            "answer_gone");
  EXPECT_EQ(world.status().version, (RegisterVersion{1, 0}));
  EXPECT_EQ(world.status().reason, "ready");
}

TEST(ChangeVerbs, ChangeKeyIsMadeAnewAndTheFormerServesAWhile) {
  VerbsWorld world;
  world.serve();
  const auto old = world.status().change_key;
  world.clock.pass(ChangeKeys::kLife);
  world.tick();
  EXPECT_NE(world.status().change_key, old);
  const auto send_to_old = [&](std::uint64_t number) {
    world.clock.pass(std::chrono::milliseconds(1));
    const auto clear = encode(RegisterChange{}).value();
    const auto statement =
        world.key.sign(StatementKind::kChange, MunicipalityCode::parse("392901").value(),
                       {1, number, world.clock.utc_now()}, clear);
    return world
        .call(HttpMethod::kPost, "/v1/changes", seal_change(old, clear),
              {{std::string(kStatementHeader), format_statement(statement.value())}})
        .status;
  };
  EXPECT_EQ(send_to_old(1), 200);
  world.clock.pass(ChangeKeys::kFormerServes);
  world.tick();
  EXPECT_EQ(send_to_old(2), 410);
}

TEST(ChangeVerbs, HeartbeatPromisesAndIsRecordedAndRepeatable) {
  VerbsWorld world;
  world.serve();
  const auto until = UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) +
                     std::chrono::hours(12);
  const auto answer = world.beat(0, until);
  ASSERT_EQ(answer.status, 200) << as_text(answer.body);
  EXPECT_EQ(decode_register_status(answer.body).value().complete_until, until);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kPromiseGiven);
  EXPECT_EQ(world.ledger.last().period_until, until);
  EXPECT_EQ(world.beat(0, until + std::chrono::hours(24 * 8)).status, 400);
}

TEST(ChangeVerbs, ReconciliationAnswersOverTheWire) {
  VerbsWorld world;
  world.serve();
  const ReconciliationRequest request{{}, 2, {{0, 99, {}}, {1, 99, {}}}};
  const auto answer =
      world.call_sealed(StatementKind::kReconciliation, "/v1/reconciliations", 0,
                        encode(request).value(), MunicipalityCode::parse("392901").value());
  ASSERT_EQ(answer.status, 200) << as_text(answer.body);
  const auto found = decode_reconciliation_answer(answer.body).value();
  ASSERT_EQ(found.differing.size(), 2U);
  EXPECT_EQ(found.differing[0].persons + found.differing[1].persons, 12U);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kReconciled);
  EXPECT_EQ(world.ledger.last().count, 2U);
}

TEST(ChangeVerbs, HoldWithdrawsTheHousehold) {
  VerbsWorld world;
  world.serve();
  std::optional<Result<SubjectPseudonym>> done;
  const auto hold = [&]() -> boost::asio::awaitable<void> {
    done.emplace(co_await world.verbs.hold(sample::person_id(21), "117"));
  };
  boost::asio::co_spawn(world.io, hold(), [](const std::exception_ptr&) {});
  testing::run_ready(world.io);
  ASSERT_TRUE(done && done->has_value());
  EXPECT_EQ(world.hand_overs.withdrawn, std::vector{sample::household_id(2)});
  EXPECT_EQ(world.verbs.held().front().reason, "117");
}

}  // namespace
}  // namespace certrelay
