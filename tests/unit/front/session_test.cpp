// Goal: a session keeps its deadlines, its order and its silence, whatever client and vault do.
// Method: the connection is in memory, the vault's end of the link is played, time is simulated.
#include "relay/front/session.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "tests/support/sim_clock.hpp"
#include "tests/unit/front/memory_stream.hpp"
#include "tests/unit/front/vault_player.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::MemoryStream;
using testing::SimClock;
using testing::VaultPlayer;
using testing::Wire;

constexpr std::string_view kGet = "GET /v1/service HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kPost =
    "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

PeerName peer_name() { return PeerName::parse("center").value(); }

LeafIdentity leaf_of_center() {
  return {.names = {"DNS:center.example"},
          .spki = sha256("key"),
          .not_before = UtcTime{},
          .not_after = UtcTime{std::chrono::sys_days{std::chrono::year(2100) / 1 / 1}}};
}

PeerTable peers_of(std::string san) {
  return PeerTable::make({{peer_name(), std::move(san), {sha256("key")}}}).value();
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() { start(Role::kCenter, {}); }
  ~SessionTest() override {
    front_->link.close();
    for (const auto& [id, session] : front_->sessions) session->abort();
    run_to_end(io_, clock_);
  }

  void start(Role role, FrontLimits limits) {
    front_.emplace(io_.get_executor(), clock_, role, limits, peers_of("DNS:center.example"));
  }
  void link() {
    front_->link.set_link(vault_.front_fd());
    vault_.serve();
    settle();
  }
  void settle() { testing::run_ready(io_); }
  // Lets simulated time pass, firing what becomes due.
  void pass(std::chrono::milliseconds time) {
    const SteadyTime until = clock_.steady_now() + time;
    do {
      settle();
    } while (clock_.advance_until(until));
    settle();
  }

  // A connection; its handshake is done unless told otherwise.
  std::shared_ptr<Wire> connect(bool opened = true) {
    auto wire = std::make_shared<Wire>(io_.get_executor());
    wire->leaf = leaf_of_center();
    if (opened) wire->opened.set();
    auto session = std::make_shared<Session>(*front_, std::make_unique<MemoryStream>(wire));
    const std::uint64_t id = next_id_++;
    front_->sessions.emplace(id, session.get());
    boost::asio::co_spawn(io_, session->run(), [this, session, id](const std::exception_ptr& bug) {
      front_->sessions.erase(id);
      ASSERT_FALSE(bug);
    });
    settle();
    return wire;
  }
  std::shared_ptr<Wire> connect_and_send(std::string_view bytes) {
    auto wire = connect();
    wire->arrive(bytes);
    settle();
    vault_.take();
    return wire;
  }
  void answer(std::size_t index, std::string_view text) {
    vault_.send(testing::answer_to(vault_.requests.at(index), text));
    settle();
  }
  static bool closed(const Wire& wire) { return wire.aborted; }
  static std::string status(const Wire& wire) { return wire.sent.substr(0, 12); }

  boost::asio::io_context io_{1};
  SimClock clock_;
  VaultPlayer vault_;
  std::optional<FrontState> front_;
  std::uint64_t next_id_ = 1;
};

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
  second.send(testing::answer_to(second.requests[0], "again"));
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
  auto frame = testing::answer_to(vault_.requests.at(0), "x");
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
  auto frame = testing::answer_to(vault_.requests.at(1), "bye");
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
