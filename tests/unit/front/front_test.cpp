// Goal: no HTTP byte reaches anybody but a configured peer, and what a peer may not say ends its
// connection. Method: a real listener on a free port of loopback, real TLS clients in threads of
// their own; the front's clock is simulated, and the vault is played.
#include "relay/front/front.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/base/check.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/unit/front/tls_lab.hpp"
#include "tests/unit/front/vault_player.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::ClientSight;
using testing::ClientWish;
using testing::tls_lab;

constexpr std::string_view kHttpGet =
    "GET /v1/service HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

int listen_anywhere() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CERTRELAY_CHECK(::bind(fd, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
  CERTRELAY_CHECK(::listen(fd, 64) == 0);
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in here{};
  socklen_t size = sizeof here;
  CERTRELAY_CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size) == 0);
  return ntohs(here.sin_port);
}

PeerTable pinned_peers(const Digest& pin, std::string san = "DNS:center.example") {
  return PeerTable::make({{PeerName::parse("center").value(), std::move(san), {pin}}}).value();
}

class FrontTest : public ::testing::Test {
 protected:
  FrontTest() {
    const UtcTime day{std::chrono::sys_days{std::chrono::year(2040) / 11 / 22}};
    clock_.step_utc(day - clock_.utc_now());
    start({});
  }
  ~FrontTest() override {
    front_->drain();
    while (!ended_) step();
  }

  // Once in the constructor; again only before anything was spoken.
  void start(FrontLimits limits, bool vault_speaks = true) {
    if (front_) {
      front_->drain();
      while (!ended_) step();
      vault_.emplace();
    }
    ended_ = false;
    const int fd = listen_anywhere();
    port_ = port_of(fd);
    front_.emplace(
        io_.get_executor(), clock_,
        FrontSettings{.role = Role::kCenter,
                      .listening_fds = {fd},
                      .tls = TlsServer::make(tls_lab().settings, clock_.utc_now()).value(),
                      .peers = pinned_peers(tls_lab().good.spki),
                      .limits = limits});
    front_->set_link(vault_->front_fd());
    if (vault_speaks) vault_->serve();
    boost::asio::co_spawn(io_, front_->run(), [this](const std::exception_ptr& bug) {
      ended_ = true;
      ASSERT_FALSE(bug);
    });
    while (vault_speaks && !front_->is_serving()) step();
  }

  // Lets front and vault do what there is to do; waits for the network at most for a moment. What
  // a test waits for in vain ends it.
  void step() {
    CERTRELAY_CHECK(++steps_ < kStepsMax);
    io_.restart();
    io_.run_one_for(1ms);
    vault_->take();
    for (; answered_ < vault_->requests.size(); ++answered_) {
      vault_->send(testing::answer_to(vault_->requests[answered_], "from the vault"));
    }
  }
  ClientSight see(ClientWish wish) {
    auto future = testing::speak(port_, std::move(wish));
    while (future.wait_for(0s) != std::future_status::ready) step();
    return future.get();
  }
  ClientSight see_with(testing::ClientFiles files) {
    return see({.files = std::move(files), .request = std::string(kHttpGet)});
  }
  ClientSight see_text(std::string request) {
    return see({.files = tls_lab().good, .request = std::move(request)});
  }
  void pass(std::chrono::milliseconds time) {
    const SteadyTime until = clock_.steady_now() + time;
    while (clock_.advance_until(until)) testing::run_ready(io_);
    testing::run_ready(io_);
  }

  boost::asio::io_context io_{1};
  testing::SimClock clock_;
  std::optional<testing::VaultPlayer> vault_{std::in_place};
  std::size_t answered_ = 0;
  std::optional<Front> front_;
  std::uint16_t port_ = 0;
  bool ended_ = false;
  static constexpr int kStepsMax = 100'000;
  int steps_ = 0;
};

TEST_F(FrontTest, ConfiguredPeerIsServed) {
  const auto sight = see_with(tls_lab().good);
  EXPECT_TRUE(sight.handshake && sight.tls13);
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 200 OK\r\n")) << sight.received;
  EXPECT_TRUE(sight.received.ends_with("from the vault"));
  ASSERT_EQ(vault_->requests.size(), 1U);
  EXPECT_EQ(vault_->requests[0].peer.text(), "center");
}

TEST_F(FrontTest, NoTicketAllowsAResumption) { EXPECT_FALSE(see_with(tls_lab().good).resumable); }

TEST_F(FrontTest, WithoutACertificateNoHttpByte) {  // R44
  EXPECT_EQ(see_with({}).received, "");
  EXPECT_TRUE(vault_->requests.empty());
}

TEST_F(FrontTest, OfAnotherAuthorityNoHttpByte) {  // R44
  EXPECT_EQ(see_with(tls_lab().client(tls_lab().others, "DNS:center.example")).received, "");
  EXPECT_TRUE(vault_->requests.empty());
}

TEST_F(FrontTest, WithAnotherNameNoHttpByte) {  // R44
  const auto files = tls_lab().client(tls_lab().clients, "DNS:other.example");
  front_->set_peers(pinned_peers(files.spki));
  EXPECT_EQ(see_with(files).received, "");
  EXPECT_TRUE(vault_->requests.empty());
}

TEST_F(FrontTest, WithAnUnpinnedKeyNoHttpByte) {  // R44
  EXPECT_EQ(see_with(tls_lab().client(tls_lab().clients, "DNS:center.example")).received, "");
  EXPECT_TRUE(vault_->requests.empty());
}

TEST_F(FrontTest, ServersCertificateIsNoClients) {
  const PkiKey key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto spec =
      tls_server_spec("center", "DNS:center.example", serial_from(9), testing::lab_validity());
  testing::ClientFiles files{.certificate = tls_lab().clients.issue(spec, key).value(),
                             .key = key,
                             .spki = sha256(key.public_key_der())};
  front_->set_peers(pinned_peers(files.spki));
  EXPECT_EQ(see_with(files).received, "");
}

TEST_F(FrontTest, ExpiredByTheFrontsClockNoHttpByte) {
  clock_.step_utc(24h * 365);
  EXPECT_EQ(see_with(tls_lab().good).received, "");
}

TEST_F(FrontTest, Tls12IsRefused) {
  const auto sight =
      see({.files = tls_lab().good, .request = std::string(kHttpGet), .version_max = 0x0303});
  EXPECT_FALSE(sight.handshake);
  EXPECT_EQ(sight.received, "");
}

TEST_F(FrontTest, AnotherProtocolThanHttp11IsRefused) {
  EXPECT_FALSE(see({.files = tls_lab().good, .request = "", .alpn = "h2"}).handshake);
  EXPECT_TRUE(
      see({.files = tls_lab().good, .request = std::string(kHttpGet), .alpn = ""}).handshake);
}

TEST_F(FrontTest, ChunkedBesideALengthIs400AndClose) {
  const auto sight = see_text(
      "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
      "Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 400 ")) << sight.received;
  EXPECT_NE(sight.received.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(sight.received.find("HTTP/1.1", 1), std::string::npos);  // one answer, then the end
  EXPECT_TRUE(vault_->requests.empty());
}

TEST_F(FrontTest, FoldedHeaderIs400AndClose) {
  const auto sight = see_text("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n");
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 400 ")) << sight.received;
}

TEST_F(FrontTest, MissingHostIs400AndClose) {
  const auto sight = see_text("GET / HTTP/1.1\r\nX: a\r\n\r\n");
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 400 ")) << sight.received;
}

TEST_F(FrontTest, RefusalOfALargeBodyIsReadInSpiteOfIt) {
  const auto sight = see_text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" +
                              std::string(100'000, 'x'));
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 413 ")) << sight.received;
}

TEST_F(FrontTest, BeforeTheVaultServesNoByteAtAll) {  // INV-12
  vault_->serve(false);
  while (front_->is_serving()) step();
  const auto sight = see_with(tls_lab().good);
  EXPECT_FALSE(sight.handshake);
  EXPECT_EQ(sight.received, "");
}

// A front that replaces another takes over a listener on which clients go on connecting.
TEST_F(FrontTest, AConnectionWaitsForTheVaultsFirstWord) {
  start({}, false);
  auto future = testing::speak(port_, {.files = tls_lab().good, .request = std::string(kHttpGet)});
  for (int n = 0; n < 100; ++n) step();
  ASSERT_NE(future.wait_for(0s), std::future_status::ready);
  vault_->serve();
  while (future.wait_for(0s) != std::future_status::ready) step();
  const auto sight = future.get();
  EXPECT_TRUE(sight.received.starts_with("HTTP/1.1 200 ")) << sight.received;
}

TEST_F(FrontTest, AVaultThatSaysNothingIsNotWaitedForForEver) {  // INV-12
  start({}, false);
  auto future = testing::speak(port_, {.files = tls_lab().good, .request = std::string(kHttpGet)});
  for (int n = 0; n < 100; ++n) step();
  pass(2s);
  while (future.wait_for(0s) != std::future_status::ready) step();
  const auto sight = future.get();
  EXPECT_FALSE(sight.handshake);
  EXPECT_EQ(sight.received, "");
}

TEST_F(FrontTest, ReloadClosesConnectionsThatNoLongerMatch) {
  auto future = testing::speak(
      port_, {.files = tls_lab().good, .request = "GET /v1/service HTTP/1.1\r\nHost: a\r\n\r\n"});
  while (answered_ == 0) step();
  while (front_->connections() != 1) step();
  front_->set_peers(pinned_peers(sha256("another key")));
  while (future.wait_for(0s) != std::future_status::ready) step();  // it ended, not timed out
  while (front_->connections() != 0) step();
  EXPECT_EQ(see_with(tls_lab().good).received, "");
}

TEST_F(FrontTest, NewCertificateServesNewConnections) {
  TlsSettings settings = tls_lab().settings;
  settings.authority = {"others.pem", tls_lab().others.certificate_pem()};
  front_->set_tls(TlsServer::make(settings, clock_.utc_now()).value());
  EXPECT_EQ(see_with(tls_lab().good).received, "");
  const auto other = tls_lab().client(tls_lab().others, "DNS:center.example");
  front_->set_peers(pinned_peers(other.spki));
  EXPECT_TRUE(see_with(other).received.starts_with("HTTP/1.1 200 "));
}

TEST_F(FrontTest, OldestUnfinishedHandshakeGivesWay) {
  FrontLimits limits;
  limits.handshakes_max = 2;
  start(limits);
  std::vector<int> silent;
  for (std::size_t i = 0; i < 3; ++i) {
    silent.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port_);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(silent.back(), reinterpret_cast<sockaddr*>(&there), sizeof there), 0);
    while (front_->connections() < std::min<std::size_t>(i + 1, 2)) step();
  }
  EXPECT_TRUE(see_with(tls_lab().good).received.starts_with("HTTP/1.1 200 "));
  for (const int fd : silent) ::close(fd);
}

TEST_F(FrontTest, ConnectionsPastTheListenersLimitGetNoByte) {
  FrontLimits limits;
  limits.connections_max = 1;
  start(limits);
  auto first = testing::speak(
      port_, {.files = tls_lab().good, .request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"});
  while (answered_ == 0) step();
  EXPECT_FALSE(see_with(tls_lab().good).handshake);
  front_->set_peers(pinned_peers(sha256("nobody")));  // ends the first
  while (first.wait_for(0s) != std::future_status::ready) step();
  EXPECT_TRUE(first.get().received.starts_with("HTTP/1.1 200 "));
}

TEST_F(FrontTest, RefusalsAreReportedOnceAMinuteAsCounts) {  // R42
  see_with({});
  see_with({});
  see_text("GET / HTTP/1.1\r\n\r\n");
  step();
  EXPECT_TRUE(vault_->refusals.empty());
  pass(59'999ms);
  step();
  EXPECT_TRUE(vault_->refusals.empty());
  pass(1ms);
  step();
  ASSERT_EQ(vault_->refusals.size(), 2U);
  EXPECT_EQ(vault_->refusals[0].peer, std::nullopt);
  EXPECT_EQ(vault_->refusals[0].reason, FrontRefusal::kHandshake);
  EXPECT_EQ(vault_->refusals[0].count, 2U);
  EXPECT_EQ(vault_->refusals[1].peer->text(), "center");
  EXPECT_EQ(vault_->refusals[1].reason, FrontRefusal::kGate);
  EXPECT_EQ(vault_->refusals[1].count, 1U);
}

TEST_F(FrontTest, DrainEndsIdleConnectionsAndReportsTheRest) {
  auto idle = testing::speak(port_, {.files = tls_lab().good, .request = ""});
  see_with({});
  while (front_->connections() == 0) step();
  front_->drain();
  while (!ended_) step();
  while (idle.wait_for(0s) != std::future_status::ready) step();
  EXPECT_EQ(idle.get().received, "");
  vault_->take();
  EXPECT_EQ(vault_->refusals.size(), 1U);
}

TEST_F(FrontTest, DrainPastItsDeadlineReportsTheRestToo) {  // R42
  constexpr std::string_view kHeadAlone =
      "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  auto slow = testing::speak(port_, {.files = tls_lab().good, .request = std::string(kHeadAlone)});
  see_with({});
  while (front_->connections() == 0) step();
  for (int i = 0; i < 200; ++i) step();
  front_->drain();
  for (int i = 0; i < 50; ++i) step();
  ASSERT_FALSE(ended_);  // its body has until then
  pass(FrontLimits{}.drain_ms);
  while (!ended_) step();
  while (slow.wait_for(0s) != std::future_status::ready) step();
  vault_->take();
  EXPECT_EQ(vault_->refusals.size(), 1U);
}

}  // namespace
}  // namespace certrelay
