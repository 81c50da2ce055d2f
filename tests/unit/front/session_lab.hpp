// A connection in memory, a vault that is played and simulated time, around one front's sessions.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "relay/front/session.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/unit/front/memory_stream.hpp"
#include "tests/unit/front/vault_player.hpp"

namespace certrelay::testing {
inline constexpr std::string_view kGet = "GET /v1/service HTTP/1.1\r\nHost: a\r\n\r\n";
inline constexpr std::string_view kPost =
    "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

inline PeerName peer_name() { return PeerName::parse("center").value(); }

inline LeafIdentity leaf_of_center() {
  return {.names = {"DNS:center.example"},
          .spki = sha256("key"),
          .not_before = UtcTime{},
          .not_after = UtcTime{std::chrono::sys_days{std::chrono::year(2100) / 1 / 1}}};
}

inline PeerTable peers_of(std::string san) {
  return PeerTable::make({{peer_name(), std::move(san), {sha256("key")}}}).value();
}

// A front without a socket: sessions are started by hand, time passes when a test says so.
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

}  // namespace certrelay::testing
