// Goal: what the center reports as a possible mix-up stops everything and stays in the ledger; a
// report comes twice without being two; money and paper stop nobody.
#include "protocol/wire/incident_message.hpp"

#include <gtest/gtest.h>

#include "tests/support/issuance_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;

class IncidentTest : public ::testing::Test {
 protected:
  IssuanceWorld world;
  TransactionId id = world.fresh_id();
  HttpAnswer document =
      world.issue(id, IssuanceWorld::take_all(world.inquire(id, sample_serial(2))));

  HttpAnswer report(IncidentKind kind, std::string_view text = "用紙") {
    return world.post("/v1/incidents",
                      encode(IncidentReport{id, kind, StatedReason::parse(text).value()}).value());
  }
  std::ptrdiff_t count(EntryKind kind) const {
    const auto kinds = world.ledger.kinds();
    return std::count(kinds.begin(), kinds.end(), kind);
  }
  std::string opening() {
    return IssuanceWorld::problem_of(
        world.post("/v1/transactions", encode(world.open_request(world.fresh_id())).value()));
  }
};

TEST_F(IncidentTest, WhatMayBeAMixUpLatchesTheAlarm) {  // INV-9
  for (const auto kind : {IncidentKind::kWrongPerson, IncidentKind::kWrongPage,
                          IncidentKind::kUnreadableIdentity, IncidentKind::kDuplicateOutput}) {
    EXPECT_EQ(report(kind).status, 201);
    EXPECT_TRUE(world.alarm.latched());
    EXPECT_EQ(opening(), "issuing_stopped");
    EXPECT_TRUE(world.alarm.clear(world.alarm.label()));
  }
  EXPECT_EQ(count(EntryKind::kAlarmLatched), 4);
}

TEST_F(IncidentTest, PaperMoneyAndTheRestAreRecordedAndStopNobody) {
  for (const auto kind : {IncidentKind::kPaper, IncidentKind::kPayment, IncidentKind::kOther}) {
    const auto answer = report(kind, "紙づまり");
    ASSERT_EQ(answer.status, 201);
    const auto& entry = world.ledger.last();
    EXPECT_EQ(entry.kind, EntryKind::kIncident);
    EXPECT_EQ(entry.incident, decode_incident_answer(answer.body).value().incident_id);
    EXPECT_EQ(entry.action->text(), "incident." + std::string(to_text(kind)));
    EXPECT_EQ(entry.stated_reason->text(), "紙づまり");
    EXPECT_EQ(entry.transaction, id);
  }
  EXPECT_FALSE(world.alarm.latched());
  EXPECT_EQ(opening(), "");
}

TEST_F(IncidentTest, TheSameReportAgainIsTheSameIncidentAndNoSecondAlarm) {
  const auto first = report(IncidentKind::kWrongPerson, "別人のもの");
  EXPECT_TRUE(world.alarm.clear(world.alarm.label()));
  const auto again = report(IncidentKind::kWrongPerson, "別人のもの");
  EXPECT_EQ(again.body, first.body);
  EXPECT_FALSE(world.alarm.latched());
  EXPECT_NE(report(IncidentKind::kWrongPerson, "もう一枚").body, first.body);
  EXPECT_TRUE(world.alarm.latched());
}

TEST_F(IncidentTest, ALedgerThatCannotWriteStopsAllTheSame) {  // INV-9
  world.ledger.writable = false;
  EXPECT_EQ(IssuanceWorld::problem_of(report(IncidentKind::kWrongPage)), "overloaded");
  EXPECT_TRUE(world.alarm.latched());
  world.ledger.writable = true;
  EXPECT_EQ(report(IncidentKind::kWrongPage).status, 201);
}

TEST_F(IncidentTest, ADocumentReportedAsAnothersIsNotGivenASecondTime) {
  const auto other = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(other, sample_serial(3)));
  ASSERT_EQ(world.issue(other, request).status, 200);
  id = other;
  EXPECT_EQ(report(IncidentKind::kWrongPerson).status, 201);
  EXPECT_TRUE(world.alarm.clear(world.alarm.label()));
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(other, request)), "answer_gone");
}

TEST_F(IncidentTest, NobodyReportsAboutWhatIsNotHis) {
  const auto body =
      encode(IncidentReport{id, IncidentKind::kWrongPerson, StatedReason::parse("x").value()});
  const auto foreign = world.call(HttpMethod::kPost, "/v1/incidents", body.value(),
                                  PeerName::parse("another-center").value());
  EXPECT_EQ(IssuanceWorld::problem_of(foreign), "conflict");
  id = world.fresh_id();
  EXPECT_EQ(IssuanceWorld::problem_of(report(IncidentKind::kWrongPerson)), "not_found");
  EXPECT_FALSE(world.alarm.latched());
}

TEST_F(IncidentTest, SixteenOfATransactionAndNoMore) {
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(report(IncidentKind::kPaper, std::to_string(i)).status, 201);
  }
  EXPECT_EQ(IssuanceWorld::problem_of(report(IncidentKind::kPaper, "17")), "conflict");
}

}  // namespace
}  // namespace certrelay
