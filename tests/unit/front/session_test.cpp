// Goal: a session keeps its order and its silence, whatever client and vault do.
// Method: the connection is in memory, the vault's end of the link is played.
#include "tests/unit/front/session_lab.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using namespace testing;  // NOLINT(google-build-using-namespace): the lab is made for these tests

TEST_F(SessionTest, HandsTheRequestToTheVaultAndItsAnswerBack) {
  link();
  const auto wire = connect_and_send(
      "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
      "Content-Type: application/json\r\nCookie: a=b\r\n\r\nhello");
  ASSERT_EQ(vault_.requests.size(), 1U);
  const auto& asked = vault_.requests[0];
  EXPECT_EQ(asked.peer, peer_name());
  EXPECT_EQ(asked.role, Role::kCenter);
  EXPECT_EQ(asked.request.method, HttpMethod::kPost);
  EXPECT_EQ(asked.request.path, "/v1/transactions");
  EXPECT_EQ(asked.request.headers, (HttpHeaders{{"content-type", "application/json"}}));
  EXPECT_EQ(as_text(asked.request.body), "hello");
  EXPECT_EQ(wire->sent, "");
  answer(0, "world");
  EXPECT_EQ(wire->sent,
            "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\n"
            "content-type: text/plain\r\nContent-Length: 5\r\n\r\nworld");
  EXPECT_FALSE(closed(*wire));
}

TEST_F(SessionTest, ServesOneRequestAfterAnother) {
  link();
  const auto wire = connect_and_send(kGet);
  answer(0, "one");
  wire->arrive(kGet);
  settle();
  vault_.take();
  ASSERT_EQ(vault_.requests.size(), 2U);
  EXPECT_NE(vault_.requests[0].id, vault_.requests[1].id);
  answer(1, "two");
  EXPECT_TRUE(wire->sent.ends_with("\r\n\r\ntwo"));
}

TEST_F(SessionTest, PipelinedRequestsAreServedInTurn) {
  link();
  const auto wire = connect_and_send(std::string(kPost) + "first" + std::string(kPost) + "other");
  ASSERT_EQ(vault_.requests.size(), 1U);  // the second waits for the first one's answer
  EXPECT_EQ(as_text(vault_.requests[0].request.body), "first");
  answer(0, "1st");
  vault_.take();
  ASSERT_EQ(vault_.requests.size(), 2U);
  EXPECT_EQ(as_text(vault_.requests[1].request.body), "other");
  answer(1, "2nd");
  EXPECT_LT(wire->sent.find("1st"), wire->sent.find("2nd"));
}

TEST_F(SessionTest, AnswersThatCrossGoToTheirOwnConnections) {  // INV-1
  link();
  const auto a = connect_and_send(kGet);
  const auto b = connect_and_send(kGet);
  answer(1, "for b");
  answer(0, "for a");
  EXPECT_TRUE(a->sent.ends_with("for a"));
  EXPECT_TRUE(b->sent.ends_with("for b"));
}

TEST_F(SessionTest, RefusalByTheGateEndsTheConnection) {
  link();
  const auto wire = connect_and_send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, x\r\n\r\n");
  EXPECT_EQ(status(*wire), "HTTP/1.1 400");
  EXPECT_NE(wire->sent.find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(wire->sent.find("\"code\":\"bad_request\""), std::string::npos);
  EXPECT_TRUE(wire->finished && closed(*wire));
  EXPECT_TRUE(vault_.requests.empty());
  const auto counts = front_->counters.take();  // R42
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].reason, FrontRefusal::kGate);
  EXPECT_EQ(counts[0].peer, peer_name());
}

TEST_F(SessionTest, BodyPastTheLimitIs413BeforeItComes) {
  link();
  const auto wire = connect_and_send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");
  EXPECT_EQ(status(*wire), "HTTP/1.1 413");
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, BodyAtTheLimitPasses) {
  link();
  const auto wire = connect_and_send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" +
                                     std::string(65536, 'x'));
  ASSERT_EQ(vault_.requests.size(), 1U);
  EXPECT_EQ(vault_.requests[0].request.body.size(), 65536U);
}

TEST_F(SessionTest, CenterGetsNoByteBeforeTheVaultServes) {  // INV-12
  front_->link.set_link(vault_.front_fd());
  const auto wire = connect_and_send(kGet);
  EXPECT_TRUE(closed(*wire));
  EXPECT_EQ(wire->sent, "");
  vault_.serve();
  const auto later = connect_and_send(kGet);
  EXPECT_EQ(vault_.requests.size(), 1U);
  vault_.serve(false);
  settle();
  const auto last = connect_and_send(kGet);
  EXPECT_TRUE(closed(*last));
  EXPECT_EQ(last->sent, "");
}

TEST_F(SessionTest, RegistryGets503WithoutAVault) {
  start(Role::kRegistry, {});
  const auto wire = connect_and_send(kGet);
  EXPECT_EQ(status(*wire), "HTTP/1.1 503");
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, MonitoringIsAliveWithoutAVault) {
  start(Role::kMonitoring, {});
  const auto wire = connect_and_send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status(*wire), "HTTP/1.1 200");
  EXPECT_FALSE(closed(*wire));
  wire->arrive("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
  settle();
  EXPECT_NE(wire->sent.find("HTTP/1.1 503"), std::string::npos);
}

TEST_F(SessionTest, ReloadedPeersHoldFromTheNextRequest) {  // R03
  link();
  const auto wire = connect_and_send(kGet);
  answer(0, "one");
  const std::string before = wire->sent;
  front_->peers = std::make_shared<const PeerTable>(peers_of("DNS:other.example"));
  wire->arrive(kGet);
  settle();
  vault_.take();
  EXPECT_EQ(vault_.requests.size(), 1U);
  EXPECT_EQ(wire->sent, before);
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, CertificateThatEndedOpensNothingMore) {
  link();
  const auto wire = connect_and_send(kGet);
  answer(0, "one");
  const std::string before = wire->sent;
  clock_.step_utc(std::chrono::hours(24 * 366 * 80));
  wire->arrive(kGet);
  settle();
  EXPECT_EQ(wire->sent, before);
  EXPECT_TRUE(closed(*wire));
}

TEST_F(SessionTest, ConnectionsOfAPeerAreLimited) {
  FrontLimits limits;
  limits.connections_per_peer = 2;
  start(Role::kCenter, limits);
  link();
  const auto a = connect();
  const auto b = connect();
  const auto c = connect();
  EXPECT_FALSE(closed(*a) || closed(*b));
  EXPECT_TRUE(closed(*c));
  EXPECT_EQ(c->sent, "");
  a->hang_up();
  settle();
  const auto d = connect();
  EXPECT_FALSE(closed(*d));
}

TEST_F(SessionTest, AnswerWithAHeaderOutsideTheListIsNotSent) {
  link();
  const auto wire = connect_and_send(kGet);
  auto frame = answer_to(vault_.requests.at(0), "x");
  frame.answer.headers.push_back({"set-cookie", "a=b"});
  vault_.send(frame);
  settle();
  EXPECT_EQ(status(*wire), "HTTP/1.1 503");
  EXPECT_EQ(wire->sent.find("set-cookie"), std::string::npos);
}

TEST_F(SessionTest, EndsWhenTheClientOrTheVaultAsksForIt) {
  link();
  const auto client = connect_and_send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  answer(0, "bye");
  EXPECT_TRUE(client->finished && closed(*client));
  const auto other = connect_and_send(kGet);
  auto frame = answer_to(vault_.requests.at(1), "bye");
  frame.close = true;
  vault_.send(frame);
  settle();
  EXPECT_NE(other->sent.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(other->finished && closed(*other));
}

TEST_F(SessionTest, ReportsAreSentAsCounts) {
  link();
  front_->counters.add(peer_name(), ErrorCode::kGateHostMissing);
  front_->counters.add(peer_name(), ErrorCode::kGateHostTwice);
  front_->counters.add(std::nullopt, ErrorCode::kPeerUnknown);
  for (const auto& counts : front_->counters.take()) EXPECT_TRUE(front_->link.report(counts));
  settle();
  vault_.take();
  ASSERT_EQ(vault_.refusals.size(), 2U);
  EXPECT_EQ(vault_.refusals[0].peer, std::nullopt);
  EXPECT_EQ(vault_.refusals[0].reason, FrontRefusal::kHandshake);
  EXPECT_EQ(vault_.refusals[1].count, 2U);
}

}  // namespace
}  // namespace certrelay
