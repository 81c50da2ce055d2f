// Goal: after the acknowledgement of a change nothing of the older state is handed out, whatever is
// repeated or at work (INV-6). Method: the real issuance and the real sealed register, joined as
// the vault joins them, on simulated time.
#include <gtest/gtest.h>

#include "tests/unit/issuance/joined_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::JoinedWorld;
using namespace std::chrono_literals;

TEST(Withdrawal, DeactivatedThenTenThousandAttemptsGetNothing) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, 31);
  ASSERT_EQ(inquiry.status, 200) << as_text(inquiry.body);
  const auto request = encode(IssuanceWorld::take_all(inquiry)).value();
  const auto waiting = world.fresh_id();  // identified, has not chosen yet
  const auto waiting_request = encode(IssuanceWorld::take_all(world.inquire(waiting, 31))).value();
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);  // a repeat, before

  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  const auto entries = world.ledger.entries.size();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(waiting), waiting_request)),
            "window_only");
  for (int attempt = 0; attempt < 9'000; ++attempt) {
    const auto answer = world.post(world.issuance_path(id), request);
    ASSERT_EQ(IssuanceWorld::problem_of(answer), "answer_gone") << attempt;
  }
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const auto answer = world.inquire(world.fresh_id(), 31);
    ASSERT_EQ(IssuanceWorld::problem_of(answer), "window_only") << attempt;
    if (attempt % 50 == 0) world.clock.pass(130s);  // old transactions end
  }
  for (std::size_t i = entries; i < world.ledger.entries.size(); ++i) {
    EXPECT_NE(world.ledger.entries[i].kind, EntryKind::kProvisionIntent);
    EXPECT_NE(world.ledger.entries[i].kind, EntryKind::kProvisionInquiry);
  }
}

TEST(Withdrawal, SelectionAfterAChangeOfTheHouseholdIsRegisterChanged) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.change(1, {.deceased = {sample::person_id(12)}}).status, 200);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)),
            "register_changed");
}

TEST(Withdrawal, ChangeOfAnotherHouseholdRefusesNobody) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(world.post(world.issuance_path(id), request).status, 200);
}

// The intent has passed the point of order and is becoming durable while the change comes.
TEST(Withdrawal, HandOverAtWorkEndsWithoutItsBytes) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 31))).value();
  world.ledger.commit_takes = 500ms;
  std::optional<HttpAnswer> late;
  world.begin_post(world.issuance_path(id), request, late);
  ASSERT_FALSE(late);
  ASSERT_EQ(world.ledger.last().kind, EntryKind::kProvisionIntent);
  world.ledger.commit_takes = 0ms;
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  ASSERT_FALSE(late);
  EXPECT_EQ(IssuanceWorld::problem_of(world.end(late)), "register_changed");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kRefusal);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)),
            "register_changed");  // its stored answer says the same
}

TEST(Withdrawal, InquiryAtWorkEndsWithoutTheItems) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto opened = world.post(
      "/v1/transactions", encode(OpenRequest{id, world.city, KioskId::parse("KIOSK-1").value(),
                                             CertificateKind::kJuminhyo})
                              .value());
  const auto payload = decode_open_answer(opened.body).value().signed_payload;
  world.ledger.commit_takes = 500ms;
  std::optional<HttpAnswer> late;
  world.begin_post(
      IssuanceWorld::path_of(id, "/inquiry"),
      IssuanceWorld::inquiry_body(sample::card_of(sample::person_id(31)).serial, payload), late);
  ASSERT_FALSE(late);
  world.ledger.commit_takes = 0ms;
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(IssuanceWorld::problem_of(world.end(late)), "register_changed");
}

TEST(Withdrawal, HeldPersonsStoredAnswerIsGoneAndTheFamilyMayStillPrint) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);
  bool done = false;
  const auto hold = [&]() -> boost::asio::awaitable<void> {
    done = (co_await world.verbs.hold(sample::person_id(12), "117")).has_value();
  };
  boost::asio::co_spawn(world.io, hold(), [](const std::exception_ptr&) {});
  world.io.restart();
  testing::run_ready(world.io);
  ASSERT_TRUE(done);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)), "answer_gone");
  EXPECT_EQ(IssuanceWorld::problem_of(world.inquire(world.fresh_id(), 12)), "window_only");
  const auto next = world.fresh_id();
  const auto inquiry = world.inquire(next, 11);
  ASSERT_EQ(inquiry.status, 200);
  EXPECT_EQ(world.post(world.issuance_path(next), encode(IssuanceWorld::take_all(inquiry)).value())
                .status,
            200);
}

TEST(Withdrawal, GapRefusesEverybodyAndTheMissingChangeOpensAgain) {
  JoinedWorld world;
  EXPECT_EQ(IssuanceWorld::problem_of(world.change(2, {})), "sequence_gap");
  const auto open = [&] {
    return world.post("/v1/transactions", encode(OpenRequest{world.fresh_id(), world.city,
                                                             KioskId::parse("KIOSK-1").value(),
                                                             CertificateKind::kJuminhyo})
                                              .value());
  };
  EXPECT_EQ(IssuanceWorld::problem_of(open()), "register_not_ready");
  ASSERT_EQ(world.change(1, {}).status, 200);
  ASSERT_EQ(world.change(2, {}).status, 200);
  EXPECT_EQ(open().status, 201);
}

}  // namespace
}  // namespace certrelay
