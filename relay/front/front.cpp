#include "relay/front/front.hpp"

#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "protocol/base/check.hpp"
#include "relay/env/heap.hpp"
#include "relay/front/await.hpp"
#include "relay/front/socket_streams.hpp"
#include "relay/front/within.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kReportEvery{60'000};
// For the counts to be written to a vault that hangs, when the front ends past its deadline.
constexpr std::chrono::milliseconds kLastWords{2'000};
// When the system has no descriptor or memory for another connection.
constexpr std::chrono::milliseconds kAcceptPause{100};

tcp protocol_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  CERTRELAY_CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
}

}  // namespace

Front::Front(asio::any_io_executor executor, Clock& clock, FrontSettings settings)
    : executor_(executor),
      tls_(std::move(settings.tls)),
      state_(executor, clock, settings.role, settings.limits, std::move(settings.peers)),
      draining_(executor),
      all_ended_(executor) {
  state_.pages = std::move(settings.pages);
  CERTRELAY_CHECK(tls_ || settings.role == Role::kMonitoring);
  for (const int fd : settings.listening_fds) {
    acceptors_.emplace_back(executor_, protocol_of(fd), fd);
  }
}

// Every coroutine of the front but run() itself is counted, so that run() outlives them all. An
// exception in one is a bug or the end of memory: it ends the process, and the parent starts anew.
void Front::spawn(awaitable<void> life) {
  ++lives_;
  asio::co_spawn(executor_, std::move(life), [this](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
    if (--lives_ == 0) all_ended_.set();
  });
}

awaitable<void> Front::run() {
  for (auto& acceptor : acceptors_) spawn(accept_loop(acceptor));
  spawn(report_loop());
  static_cast<void>(co_await draining_.wait());
  const auto deadline = state_.clock.steady_now() + state_.limits.drain_ms;
  const auto in_time =
      co_await within(state_.clock, deadline, ErrorCode::kConnectionEnded, all_ended_.wait());
  if (!in_time) {
    report();
    // Once the counts are written whoever still waits for the vault learns that nothing will come.
    state_.link.finish();
    for (const auto& [id, session] : state_.sessions) session->abort();
    const auto last = state_.clock.steady_now() + kLastWords;
    if (!co_await within(state_.clock, last, ErrorCode::kVaultSilent, all_ended_.wait())) {
      state_.link.close();
      static_cast<void>(co_await all_ended_.wait());
    }
  }
  report();
  state_.link.finish();
  while (!state_.link.is_quiet()) {
    co_await asio::post(executor_, asio::use_awaitable);
  }
}

// False once the front drains.
awaitable<bool> Front::sleep(std::chrono::milliseconds duration) {
  static_cast<void>(co_await within(state_.clock, state_.clock.steady_now() + duration,
                                    ErrorCode::kNone, draining_.wait()));
  co_return !draining_.is_set();
}

awaitable<void> Front::accept_loop(tcp::acceptor& acceptor) {
  while (!draining_.is_set()) {
    tcp::socket socket(executor_);
    const auto [failed] = co_await acceptor.async_accept(socket, kAwait);
    if (draining_.is_set()) co_return;
    if (!failed) {
      admit(std::move(socket));
    } else if (failed != asio::error::connection_aborted) {
      if (!co_await sleep(kAcceptPause)) co_return;
    }
  }
}

void Front::admit(tcp::socket socket) {
  if (state_.role == Role::kCenter && !state_.link.is_serving()) {
    state_.counters.add(std::nullopt, ErrorCode::kVaultNotServing);
    return;  // closed without a byte (INV-12)
  }
  if (state_.sessions.size() >= state_.limits.connections_max) {
    state_.counters.add(std::nullopt, ErrorCode::kConnectionLimit);
    return;
  }
  give_way();
  boost::system::error_code only_slower;
  socket.set_option(tcp::no_delay(true), only_slower);
  auto stream = tls_ ? tls_stream(std::move(socket), *tls_) : plain_stream(std::move(socket));
  const std::uint64_t id = next_id_++;
  auto session = std::make_shared<Session>(state_, std::move(stream));
  state_.sessions.emplace(id, session.get());
  spawn(run_session(std::move(session), id));
}

// A good client's handshake is done in milliseconds: among too many unfinished ones the oldest is
// the one that will never finish.
void Front::give_way() {
  Session* oldest = nullptr;
  std::size_t unfinished = 0;
  for (const auto& [id, session] : state_.sessions) {
    if (session->phase() != Session::Phase::kHandshake) continue;
    if (oldest == nullptr) oldest = session;
    ++unfinished;
  }
  if (unfinished >= state_.limits.handshakes_max && oldest != nullptr) oldest->abort();
}

awaitable<void> Front::run_session(std::shared_ptr<Session> session, std::uint64_t id) {
  co_await session->run();
  state_.sessions.erase(id);
}

awaitable<void> Front::report_loop() {
  bool more = co_await sleep(kReportEvery);
  while (more) {
    report();
    // What a flood of connections made the heap grow by lies free in it; the machine gets it back.
    give_back_freed_memory();
    more = co_await sleep(kReportEvery);
  }
}

// Counts that cannot be sent now are kept for the next time.
void Front::report() {
  if (state_.link.is_connected()) {
    for (const auto& refusals : state_.counters.take()) {
      if (!state_.link.report(refusals)) state_.counters.put_back(refusals);
    }
  }
}

void Front::set_peers(PeerTable peers) {
  state_.peers = std::make_shared<const PeerTable>(std::move(peers));
  for (const auto& [id, session] : state_.sessions) {
    if (session->phase() != Session::Phase::kHandshake && !session->peer()) session->abort();
  }
}

void Front::drain() {
  state_.draining = true;
  draining_.set();
  for (auto& acceptor : acceptors_) {
    boost::system::error_code already_closed;
    acceptor.close(already_closed);
  }
  for (const auto& [id, session] : state_.sessions) {
    if (session->phase() != Session::Phase::kBusy) session->abort();
  }
}

}  // namespace certrelay
