#include <gtest/gtest.h>

#include "protocol/extract/change.hpp"
#include "protocol/wire/problem.hpp"
#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

TEST(RegistryVerbs, PushInPiecesIsBuiltAndActivatedAndRecorded) {
  VerbsWorld world;
  const auto extract = generation(1);
  const auto to = decode_manifest_answer(world.offer(extract).body).value();
  const auto bytes = world.sealed(extract, to);
  const std::size_t half = bytes.size() / 2;
  auto answer = world.patch(to.extract_id, 0, ByteView(bytes).first(half));
  EXPECT_EQ(only_header(answer.headers, "upload-offset"), std::to_string(half));
  EXPECT_EQ(world.report(to.extract_id).state, ExtractState::kReceiving);
  // After a break: a wrong offset tells the right one, HEAD too.
  answer = world.patch(to.extract_id, 0, ByteView(bytes).first(half));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(only_header(answer.headers, "upload-offset"), std::to_string(half));
  answer = world.call(HttpMethod::kHead, world.path_of(to.extract_id));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(only_header(answer.headers, "upload-offset"), std::to_string(half));
  EXPECT_EQ(world.patch(to.extract_id, half, ByteView(bytes).subspan(half)).status, 204);
  const auto report = world.report(to.extract_id);
  EXPECT_EQ(report.state, ExtractState::kReady);
  EXPECT_EQ(report.persons, extract.manifest.persons);
  EXPECT_FALSE(world.reg->snapshot().has_value());
  const auto done = world.activate(to.extract_id, 1);
  EXPECT_EQ(decode_register_acknowledgement(done.body).value().version, (RegisterVersion{1, 0}));
  EXPECT_EQ(world.report(to.extract_id).state, ExtractState::kActive);
  EXPECT_TRUE(world.reg->snapshot().has_value());
  EXPECT_EQ(world.ledger.kinds(),
            (std::vector{EntryKind::kExtractOffered, EntryKind::kRegisterActivated}));
  EXPECT_TRUE(world.files.list("/s/spool").value().empty());
}

TEST(RegistryVerbs, StatusSaysVersionContactAndBound) {
  VerbsWorld world;
  auto status = decode_register_status(world.call(HttpMethod::kGet, "/v1/register").body).value();
  EXPECT_FALSE(status.version.has_value());
  EXPECT_EQ(status.seconds_to_bound, 0);
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  world.clock.pass(std::chrono::hours(1));
  status = decode_register_status(world.call(HttpMethod::kGet, "/v1/register").body).value();
  EXPECT_EQ(status.version, (RegisterVersion{1, 0}));
  EXPECT_EQ(status.seconds_to_bound, 25 * 3600);
  EXPECT_FALSE(status.near_bound);
  world.clock.pass(std::chrono::minutes(18 * 60 + 29));
  EXPECT_FALSE(world.status().near_bound);
  world.clock.pass(std::chrono::minutes(1));  // 19.5 of 26 hours
  EXPECT_TRUE(world.status().near_bound);
}

TEST(RegistryVerbs, UnsignedForeignAndReplayedManifestsRefuse) {  // R10, R23, R25
  VerbsWorld world;
  const auto json = encode(generation(1).manifest).value();
  const Bytes body(json.begin(), json.end());
  EXPECT_EQ(world.problem_of(world.call(HttpMethod::kPost, "/v1/extracts", body)),
            "statement_refused");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kStatementMissing);
  const auto other = FeederKey::generate().value();
  auto statement = other.sign(StatementKind::kManifest, MunicipalityCode::parse("392901").value(),
                              {1, 0, world.clock.utc_now()}, body);
  const HttpHeaders foreign{{std::string(kStatementHeader), format_statement(statement.value())}};
  EXPECT_EQ(world.problem_of(world.call(HttpMethod::kPost, "/v1/extracts", body, foreign)),
            "statement_refused");
  statement = world.key.sign(StatementKind::kManifest, MunicipalityCode::parse("392901").value(),
                             {1, 0, world.clock.utc_now()}, body);
  const HttpHeaders once{{std::string(kStatementHeader), format_statement(statement.value())}};
  EXPECT_EQ(world.call(HttpMethod::kPost, "/v1/extracts", body, once).status, 201);
  EXPECT_EQ(world.problem_of(world.call(HttpMethod::kPost, "/v1/extracts", body, once)),
            "statement_refused");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kStatementStale);
}

TEST(RegistryVerbs, StatementAMinuteOffPassesAndOnePastRefuses) {
  const auto offset_by = [](std::chrono::milliseconds by) {
    VerbsWorld world;
    const auto json = encode(generation(1).manifest).value();
    const Bytes body(json.begin(), json.end());
    const auto statement =
        world.key.sign(StatementKind::kManifest, MunicipalityCode::parse("392901").value(),
                       {1, 0, world.clock.utc_now() + by}, body);
    return world
        .call(HttpMethod::kPost, "/v1/extracts", body,
              {{std::string(kStatementHeader), format_statement(statement.value())}})
        .status;
  };
  EXPECT_EQ(offset_by(std::chrono::seconds(60)), 201);
  EXPECT_EQ(offset_by(-std::chrono::seconds(60)), 201);
  EXPECT_EQ(offset_by(std::chrono::milliseconds(60'001)), 403);
  EXPECT_EQ(offset_by(-std::chrono::milliseconds(60'001)), 403);
}

TEST(RegistryVerbs, OtherMunicipalityAndReplayedGenerationRefuse) {
  VerbsWorld world;
  auto extract = generation(1);
  extract.manifest.municipality = MunicipalityCode::parse("131016").value();
  EXPECT_EQ(world.offer(extract).status, 421);
  ASSERT_EQ(world.activate(world.send(generation(5)), 5).status, 200);
  EXPECT_EQ(world.problem_of(world.offer(generation(5))), "extract_rejected");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kOldGeneration);
}

TEST(RegistryVerbs, BrokenExtractIsReportedAndTheOldServes) {  // R22, R42
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  auto content = sample::content(10);
  content.generation = 2;
  content.cards[3].person = sample::person_id(7);
  const auto id = world.send(sample::extract(content));
  const auto report = world.report(id);
  ASSERT_EQ(report.state, ExtractState::kRejected);
  EXPECT_EQ(report.rejections.front().record, "cards.csv:5");
  EXPECT_EQ(report.rejections.front().field, "person_id");
  EXPECT_EQ(report.rejections.front().rule, "card-for-nobody");
  EXPECT_EQ(world.ledger.entries[world.ledger.entries.size() - 1].kind, EntryKind::kExtractRefused);
  EXPECT_EQ(world.activate(id, 2).status, 409);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_TRUE(world.files.list("/s/spool").value().empty());
}

TEST(RegistryVerbs, DamagedStreamAndExcessRefuse) {
  VerbsWorld world;
  const auto extract = generation(1);
  auto to = decode_manifest_answer(world.offer(extract).body).value();
  auto bytes = world.sealed(extract, to);
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(world.patch(to.extract_id, 0, bytes).status, 204);
  EXPECT_EQ(world.report(to.extract_id).state, ExtractState::kRejected);
  to = decode_manifest_answer(world.offer(extract).body).value();
  bytes = world.sealed(extract, to);
  bytes.push_back(0);
  EXPECT_EQ(world.problem_of(world.patch(to.extract_id, 0, bytes)), "extract_rejected");
  EXPECT_EQ(world.report(to.extract_id).received_bytes, 0U);
}

TEST(RegistryVerbs, SealedToAnotherPushRefuses) {
  VerbsWorld world;
  const auto extract = generation(1);
  const auto first = decode_manifest_answer(world.offer(extract).body).value();
  const auto second = decode_manifest_answer(world.offer(extract).body).value();
  EXPECT_EQ(world.patch(second.extract_id, 0, world.sealed(extract, first)).status, 204);
  EXPECT_EQ(world.report(second.extract_id).state, ExtractState::kRejected);
}

TEST(RegistryVerbs, ActivationNeedsItsOwnStatementAndTheRightState) {
  VerbsWorld world;
  const auto id = world.send(generation(3));
  const auto body = encode(ActivateRequest{}).value();
  EXPECT_EQ(world.call(HttpMethod::kPost, world.path_of(id) + "/activate", body).status, 403);
  EXPECT_EQ(
      world.call_signed(StatementKind::kManifest, world.path_of(id) + "/activate", body, 3).status,
      403);
  EXPECT_EQ(world.activate(id, 2).status, 403);
  EXPECT_EQ(world.activate(id, 3).status, 200);
  EXPECT_EQ(world.activate(id, 3).status, 409);
}

TEST(RegistryVerbs, NoActivationWithoutItsEntry) {
  VerbsWorld world;
  const auto id = world.send(generation(1));
  world.ledger.writable = false;
  EXPECT_EQ(world.activate(id, 1).status, 503);
  EXPECT_FALSE(world.reg->snapshot().has_value());
  world.ledger.writable = true;
  EXPECT_EQ(world.activate(id, 1).status, 200);
}

TEST(RegistryVerbs, DryRunLeavesNothing) {
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  const auto before = world.stored_files();
  const auto id = world.send(generation(2, 59));
  EXPECT_EQ(world.report(id).plan.households.deleted, 1U);
  EXPECT_GT(world.stored_files().size(), before.size());
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(id)).status, 204);
  EXPECT_EQ(world.stored_files(), before);
  EXPECT_TRUE(world.spooled().empty());
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractDiscarded);
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(id)).status, 404);
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_EQ(world.activate(world.send(generation(2, 59)), 2).status, 200);
}

TEST(RegistryVerbs, WhatIsInForceOrScheduledIsNotDiscarded) {
  VerbsWorld world;
  const auto first = world.send(generation(1));
  ASSERT_EQ(world.activate(first, 1).status, 200);
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(first)).status, 409);
  const auto second = world.send(generation(2));
  const auto at = UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) +
                  std::chrono::hours(1);
  ASSERT_EQ(world.activate(second, 2, at).status, 200);
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(second)).status, 409);
  EXPECT_EQ(world.report(second).state, ExtractState::kScheduled);
}

// What was planned against one generation is not put over another.
TEST(RegistryVerbs, PushBuiltBeforeAnotherActivationIsRefused) {
  VerbsWorld world;
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  const auto second = world.send(generation(2));
  const auto third = world.send(generation(3));
  ASSERT_EQ(world.activate(second, 2).status, 200);
  EXPECT_EQ(world.activate(third, 3).status, 409);
  EXPECT_EQ(world.report(third).rejections.front().rule, "error-288");
  EXPECT_EQ(world.reg->state().version.generation, 2U);
}

TEST(RegistryVerbs, ImportKeyDiesAfterADay) {
  VerbsWorld world;
  const auto to = decode_manifest_answer(world.offer(generation(1)).body).value();
  world.clock.pass(std::chrono::hours(24) - std::chrono::milliseconds(1));
  world.tick();
  EXPECT_EQ(world.call(HttpMethod::kHead, world.path_of(to.extract_id)).status, 204);
  world.clock.pass(std::chrono::milliseconds(1));
  world.tick();
  EXPECT_EQ(world.call(HttpMethod::kHead, world.path_of(to.extract_id)).status, 404);
  EXPECT_TRUE(world.files.list("/s/spool").value().empty());
}

TEST(RegistryVerbs, UnknownCallsAndWrongDigestsRefuse) {
  VerbsWorld world;
  EXPECT_EQ(world.call(HttpMethod::kGet, "/v1/extracts").status, 404);
  EXPECT_EQ(world.call(HttpMethod::kGet, "/v1/persons").status, 404);  // R12
  EXPECT_EQ(world.call(HttpMethod::kDelete, "/v1/extracts/x").status, 404);
  EXPECT_EQ(world.call(HttpMethod::kPost, "/v1/extracts").status, 400);
}

TEST(RegistryVerbs, PushesAreBounded) {
  VerbsWorld world;
  const auto extract = generation(1, 2);
  const auto first = decode_manifest_answer(world.offer(extract).body).value();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.offer(extract).status, 201);
  EXPECT_EQ(world.call(HttpMethod::kHead, world.path_of(first.extract_id)).status, 204);
  EXPECT_EQ(world.offer(extract).status, 201);  // the fifth pushes the oldest out
  EXPECT_EQ(world.call(HttpMethod::kHead, world.path_of(first.extract_id)).status, 404);
  EXPECT_EQ(world.files.list("/s/spool").value().size(), 4U);
}

TEST(RegistryVerbs, ActivationWithdrawsEveryHousehold) {
  VerbsWorld world;
  world.serve();
  EXPECT_EQ(world.hand_overs.all, 1);
}

// R26: the machine proves itself by its key, and says who ran the extract; without either nothing
// is taken.
TEST(RegistryVerbs, AnExtractNamesItsOperatorOrIsRefused) {  // R26
  VerbsWorld world(GuardRails{});
  ASSERT_EQ(world.activate(world.send(generation(1)), 1).status, 200);
  auto named = generation(2, 50);
  const auto whole = encode(named.manifest).value();
  const auto bytes = [](std::string_view text) { return Bytes(text.begin(), text.end()); };
  EXPECT_EQ(world.problem_of(world.call(HttpMethod::kPost, "/v1/extracts", bytes(whole))),
            "statement_refused");  // nobody signed it
  const std::string known = R"("operator":"mihon-01")";
  for (const auto& [other, status] : {std::pair<std::string_view, int>(R"("operator":"")", 422),
                                      std::pair<std::string_view, int>(R"("operator":7)", 400)}) {
    auto json = whole;
    json.replace(json.find(known), known.size(), other);
    const auto refused =
        world.call_signed(StatementKind::kManifest, "/v1/extracts", bytes(json), 2);
    EXPECT_EQ(refused.status, status) << other;
    EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractRefused);
  }
  EXPECT_TRUE(world.verbs.waiting().empty());
  named.manifest.operator_name = "mihon-77";
  world.send(named);
  ASSERT_EQ(world.verbs.waiting().size(), 1U);
  EXPECT_EQ(world.verbs.waiting().front().operator_name, "mihon-77");
}

// R26: from the ledger alone it is seen who ran an extract, whatever became of it.
TEST(RegistryVerbs, EveryEntryOfAnExtractSaysWhoRanIt) {
  VerbsWorld world(GuardRails{});
  const auto who_of_last = [&] {
    const auto& entry = world.ledger.last();
    return entry.operator_name   ? std::string(entry.operator_name->text())
           : entry.stated_reason ? std::string(entry.stated_reason->text())
                                 : std::string();
  };
  auto named = generation(1);
  named.manifest.operator_name = "mihon-77";
  const auto id = world.send(named);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractOffered);
  EXPECT_EQ(who_of_last(), "mihon-77");
  const auto in_an_hour = UtcTime(std::chrono::floor<std::chrono::seconds>(world.clock.utc_now())) +
                          std::chrono::hours(1);
  ASSERT_EQ(world.activate(id, 1, in_an_hour).status, 200);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kActivationScheduled);
  EXPECT_EQ(who_of_last(), "mihon-77");
  world.clock.pass(std::chrono::hours(1));
  world.tick();
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kRegisterActivated);
  EXPECT_EQ(who_of_last(), "mihon-77");
  EXPECT_EQ(world.ledger.last().register_version, (RegisterVersion{1, 0}));
  // The source system may know its people by other names than the relay's accounts have.
  auto shrunk = generation(2, 50);
  shrunk.manifest.operator_name = "見本　花子";
  const auto waiting = world.send(shrunk);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractPending);
  EXPECT_EQ(who_of_last(), "抽出の操作者: 見本　花子");
  ASSERT_EQ(world.call(HttpMethod::kDelete, world.path_of(waiting)).status, 204);
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractDiscarded);
  EXPECT_EQ(who_of_last(), "抽出の操作者: 見本　花子");
  EXPECT_FALSE(world.ledger.last().operator_name.has_value());
}

}  // namespace
}  // namespace certrelay
