#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/event_message.hpp"
#include "tests/support/issuance_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;
using namespace std::chrono_literals;

class EventTest : public ::testing::Test {
 protected:
  IssuanceWorld world;
  TransactionId id = world.fresh_id();
  IssuanceRequest request = IssuanceWorld::take_all(world.inquire(id, sample_serial(2)));
  HttpAnswer document = world.issue(id, request);

  EventReport report(PrintEvent event) {
    const auto event_id = EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(world.entropy)));
    return {event_id.value(),
            event,
            std::chrono::floor<std::chrono::seconds>(world.clock.utc_now()),
            1,
            true,
            200};
  }
  int send(const EventReport& message) {
    return world.post(IssuanceWorld::path_of(id, "/events"), encode(message).value()).status;
  }
  std::string state() {
    const auto answer = world.call(HttpMethod::kGet, IssuanceWorld::path_of(id), {}, world.center);
    return std::string(to_text(decode_state_answer(answer.body).value().state));
  }
};

TEST_F(EventTest, APrintedDocumentsBytesAreWiped) {  // R38
  ASSERT_EQ(document.status, 200);
  EXPECT_EQ(send(report(PrintEvent::kPrinted)), 204);
  EXPECT_EQ(state(), "printed");
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "answer_gone");
}

TEST_F(EventTest, TheSameReportAgainIsAcceptedAndWrittenOnce) {
  const auto printed = report(PrintEvent::kPrinted);
  EXPECT_EQ(send(printed), 204);
  EXPECT_EQ(send(printed), 204);
  const auto kinds = world.ledger.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kEvent), 1);
  auto other = printed;
  other.amount_yen = 300;
  EXPECT_EQ(send(other), 409);
}

// Two lines of the center with the same report: the second was once answered before the first was
// durable, and written twice where the ledger did not show it yet.
TEST_F(EventTest, OfTwoEqualReportsAtOnceOneIsWrittenAndTheOtherComesAgain) {
  world.ledger.commit_takes = 50ms;
  const auto printed = report(PrintEvent::kPrinted);
  const auto body = encode(printed).value();
  std::vector<HttpAnswer> answers;
  for (int i = 0; i < 2; ++i) {
    HttpRequest same{HttpMethod::kPost, IssuanceWorld::path_of(id, "/events"), {}, body};
    same.headers.push_back({"content-digest", format_content_digest(sha256(body))});
    boost::asio::co_spawn(
        world.io,
        world.issuance.handle(RequestFrame{1, Role::kCenter, world.center, std::move(same)},
                              world.clock.steady_now()),
        [&](const std::exception_ptr& error, HttpAnswer answer) {
          ASSERT_FALSE(error);
          answers.push_back(std::move(answer));
        });
  }
  world.io.restart();
  testing::run_ready(world.io);
  ASSERT_EQ(answers.size(), 1U);  // while the first becomes durable
  EXPECT_EQ(answers[0].status, 503);
  EXPECT_TRUE(only_header(answers[0].headers, "retry-after"));
  testing::run_to_end(world.io, world.clock);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].status, 204);
  EXPECT_EQ(send(printed), 204);
  const auto kinds = world.ledger.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kEvent), 1);
}

TEST_F(EventTest, EventsFollowTheirOrder) {
  EXPECT_EQ(send(report(PrintEvent::kLeftBehind)), 409);
  EXPECT_EQ(send(report(PrintEvent::kPrinted)), 204);
  EXPECT_EQ(send(report(PrintEvent::kJammed)), 409);
  EXPECT_EQ(send(report(PrintEvent::kLeftBehind)), 204);
  EXPECT_EQ(send(report(PrintEvent::kRefunded)), 204);
  EXPECT_EQ(state(), "refunded");
}

TEST_F(EventTest, ALateReportIsMarkedAndOnePastThirtyFiveDaysRefused) {
  world.clock.pass(30min);
  EXPECT_EQ(state(), "issued");
  world.clock.pass(1s);
  EXPECT_EQ(send(report(PrintEvent::kPrinted)), 204);
  EXPECT_NE(world.ledger.last().flags & kEntryLate, 0);
  world.clock.pass(std::chrono::days(35));
  EXPECT_EQ(send(report(PrintEvent::kRefunded)), 409);
}

TEST_F(EventTest, AnAnswerWithoutAResultIsMissingOne) {
  world.clock.pass(30min + 1s);
  boost::asio::co_spawn(world.io, world.issuance.expire_overdue(),
                        [](const std::exception_ptr& error) { ASSERT_FALSE(error); });
  world.io.restart();
  testing::run_ready(world.io);
  EXPECT_EQ(world.issuance.live_transactions(), 0U);
  EXPECT_EQ(state(), "result_missing");
}

TEST_F(EventTest, AnEventForAnUnknownTransactionIsNotFound) {
  id = world.fresh_id();
  EXPECT_EQ(send(report(PrintEvent::kPrinted)), 404);
}

}  // namespace
}  // namespace certrelay
