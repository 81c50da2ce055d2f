// Goal: each wait of a session ends at its deadline, and a vault that is late, gone or full harms
// nobody else. Method: simulated time; a millisecond before the deadline nothing happens.
#include "tests/unit/front/session_lab.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using namespace testing;  // NOLINT(google-build-using-namespace): the lab is made for these tests

TEST_F(SessionTest, HandshakeEndsAfterTenSeconds) {
  link();
  const auto wire = connect(false);
  pass(9'999ms);
  EXPECT_FALSE(closed(*wire));
  pass(1ms);
  EXPECT_TRUE(closed(*wire));
  EXPECT_EQ(wire->sent, "");
  EXPECT_EQ(front_->counters.take().at(0).peer, std::nullopt);
}

TEST_F(SessionTest, TrickledHeadEndsTenSecondsAfterItsFirstByte) {
  link();
  const auto wire = connect();
  pass(60s);
  for (int i = 0; i < 10; ++i) {
    wire->arrive(kGet.substr(static_cast<std::size_t>(i), 1));
    pass(i == 9 ? 999ms : 1s);
  }
  EXPECT_EQ(wire->sent, "");
  pass(1ms);
  EXPECT_EQ(status(*wire), "HTTP/1.1 408");
  EXPECT_TRUE(closed(*wire));
}

// A piece that arrives in the very instant of the deadline hides the cancellation from the reader.
TEST_F(SessionTest, AReadThatOutlivesItsDeadlineIsClosedTwoSecondsLater) {
  link();
  const auto wire = connect_and_send(kGet.substr(0, 10));
  wire->deaf = true;
  pass(11'999ms);
  EXPECT_FALSE(closed(*wire));
  pass(1ms);
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, TrickledBodyEndsAfterThirtySeconds) {
  link();
  const auto wire = connect_and_send(std::string(kPost) + "hell");
  pass(29'999ms);
  EXPECT_EQ(wire->sent, "");
  pass(1ms);
  EXPECT_EQ(status(*wire), "HTTP/1.1 408");
  EXPECT_TRUE(closed(*wire));
  EXPECT_TRUE(vault_.requests.empty());
}

TEST_F(SessionTest, IdleConnectionEndsAfter75SecondsWithoutAByte) {
  link();
  const auto wire = connect();
  pass(74'999ms);
  EXPECT_FALSE(closed(*wire));
  pass(1ms);
  EXPECT_TRUE(wire->finished && closed(*wire));
  EXPECT_EQ(wire->sent, "");
  EXPECT_TRUE(front_->counters.take().empty());
}

TEST_F(SessionTest, ClientThatDoesNotReadIsClosedAfterThirtySeconds) {
  link();
  const auto wire = connect_and_send(kGet);
  wire->takes = false;
  answer(0, "never read");
  pass(29'999ms);
  EXPECT_FALSE(closed(*wire));
  pass(1ms);
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, LateAnswerIsDroppedByItsNumber) {  // INV-2
  link();
  const auto late = connect_and_send(kGet);
  pass(29'999ms);
  EXPECT_EQ(late->sent, "");
  pass(1ms);
  EXPECT_EQ(status(*late), "HTTP/1.1 503");
  const auto next = connect_and_send(kGet);
  const std::string before = late->sent;
  answer(0, "somebody else's");
  EXPECT_EQ(late->sent, before);
  EXPECT_EQ(next->sent, "");
  answer(1, "its own");
  EXPECT_TRUE(next->sent.ends_with("its own"));
}

TEST_F(SessionTest, AnswerForAClientThatLeftIsDropped) {
  link();
  const auto gone = connect_and_send(kGet);
  gone->takes = false;
  gone->hang_up();
  answer(0, "for nobody");
  const auto next = connect_and_send(kGet);
  EXPECT_EQ(next->sent, "");
}

TEST_F(SessionTest, BrokenLinkFailsWhatWaitsAndANewLinkServes) {
  link();
  const auto waiting = connect_and_send(kGet);
  vault_.hang_up();
  settle();
  EXPECT_EQ(status(*waiting), "HTTP/1.1 503");
  EXPECT_NE(waiting->sent.find("retry-after: "), std::string::npos);
  EXPECT_TRUE(closed(*waiting));
  EXPECT_FALSE(front_->link.is_connected());
  VaultPlayer second;
  front_->link.set_link(second.front_fd());
  second.serve();
  const auto wire = connect_and_send(kGet);
  second.take();
  ASSERT_EQ(second.requests.size(), 1U);
  second.send(answer_to(second.requests[0], "again"));
  settle();
  EXPECT_TRUE(wire->sent.ends_with("again"));
}

TEST_F(SessionTest, GarbageFromTheVaultBreaksTheLinkOff) {
  link();
  const auto waiting = connect_and_send(kGet);
  vault_.send(AnswerFrame{
      .id = 1'000'000, .close = false, .answer = {.status = 200, .headers = {}, .body = {}}});
  settle();
  EXPECT_TRUE(front_->link.is_connected());  // an unknown number alone is no fault
  const auto bytes = encode(FrontFrame(RefusalsFrame{})).value();
  vault_.send_raw(bytes);  // a frame of the wrong direction
  settle();
  EXPECT_FALSE(front_->link.is_connected());
  EXPECT_EQ(status(*waiting), "HTTP/1.1 503");
}

TEST_F(SessionTest, PastTheOutstandingLimitIs503) {  // INV-11
  FrontLimits limits;
  limits.vault.outstanding_max = 2;
  start(Role::kCenter, limits);
  link();
  const auto a = connect_and_send(kGet);
  const auto b = connect_and_send(kGet);
  const auto c = connect_and_send(kGet);
  EXPECT_EQ(a->sent + b->sent, "");
  EXPECT_EQ(status(*c), "HTTP/1.1 503");
  EXPECT_NE(c->sent.find("\"code\":\"overloaded\""), std::string::npos);
  EXPECT_NE(c->sent.find("retry-after: "), std::string::npos);
  answer(0, "a");
  const auto d = connect_and_send(kGet);
  EXPECT_EQ(d->sent, "");  // there is room again
}

}  // namespace
}  // namespace certrelay
