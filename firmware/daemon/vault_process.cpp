// The vault's process: one thread for the fronts' sockets, a few workers for everything else.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <csignal>
#include <deque>
#include <map>

#include "firmware/daemon/child_process.hpp"
#include "firmware/daemon/confinement.hpp"
#include "firmware/daemon/control_listener.hpp"
#include "firmware/daemon/fetch_lines.hpp"
#include "firmware/daemon/or_abort.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/stoppable_work.hpp"
#include "firmware/daemon/text_in_memory.hpp"
#include "firmware/daemon/vault.hpp"
#include "relay/env/heap.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// The sessions of the fronts: at most one a role, the newest.
class Sessions {
 public:
  Sessions(asio::io_context& io, asio::thread_pool& workers, Clock& clock, Vault& vault)
      : io_(io), workers_(workers), clock_(clock), vault_(vault) {}

  void start(Role role, OwnedFd fd) {
    asio::local::stream_protocol::socket socket(io_, asio::local::stream_protocol(), fd.release());
    auto session = std::make_shared<FrontSession>(std::move(socket), role, vault_.verbs(role),
                                                  clock_, workers_.get_executor());
    sessions_[role] = session;
    // The coroutine's own frame keeps the session alive.
    asio::co_spawn(
        io_,
        [](std::shared_ptr<FrontSession> running) -> asio::awaitable<void> {
          co_await or_abort(running->run());
        }(session),
        asio::detached);
  }
  void tell_serving() {
    for (const auto& [role, weak] : sessions_) {
      if (const auto session = weak.lock()) session->tell_serving();
    }
  }
  void close_when_idle() {
    for (const auto& [role, weak] : sessions_) {
      if (const auto session = weak.lock()) session->close_when_idle();
    }
  }

 private:
  asio::io_context& io_;
  asio::thread_pool& workers_;
  Clock& clock_;
  Vault& vault_;
  std::map<Role, std::weak_ptr<FrontSession>> sessions_;
};

}  // namespace

void check_vault(const Config& config) {
  SystemClock clock;
  SystemEntropy entropy;
  PosixFiles files;
  Vault::open(config, {clock, entropy, files})->close();
}

int run_vault_process(const Config& config) {
  give_up_privileges(config.sandbox);
  confine_vaults_files(config);
  keep_freed_memory();
  SystemClock clock;
  SystemEntropy entropy;
  PosixFiles files;
  FetchLines fetch_lines(clock);
  const auto vault = Vault::open(
      config, {clock, entropy, files, [&](SteadyTime until) { return fetch_lines.take(until); }});
  asio::thread_pool workers(config.limits.workers);
  const auto on_workers = [&](asio::awaitable<void> work) {
    asio::co_spawn(workers, std::move(work), asio::use_future).get();
  };
  on_workers(vault->begin());

  asio::io_context io(1);
  Sessions sessions(io, workers, clock, *vault);
  asio::co_spawn(
      io,
      listen_to_parent([&](Role role, OwnedFd fd) { sessions.start(role, std::move(fd)); },
                       {.reload =
                            [&](const Digest& wanted, const OwnedFd& text) {
                              vault->reload(wanted, read_text_in_memory(text), report_reloaded);
                            },
                        .fetch = [&](OwnedFd fd) { fetch_lines.give(std::move(fd)); }}),
      [&](const std::exception_ptr&) { io.stop(); });
  std::deque<StoppableWork> keeping;
  for (auto& work : vault->housekeeping()) {
    keeping.emplace_back(workers.get_executor(), std::move(work));
  }
  // The other listeners are served meanwhile (INV-12).
  asio::co_spawn(workers, or_abort(vault->self_test()), [&](const std::exception_ptr&) {
    asio::post(io, [&] {
      if (vault->verbs(Role::kCenter).serving()) report_tested();
      sessions.tell_serving();
    });
  });
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) io.stop();
  });
  std::signal(SIGHUP, SIG_IGN);  // the parent's to take: it says what is to be read again
  asio::co_spawn(io, or_abort(report_alive(clock)), asio::detached);
  // Everything is open and every front's bytes are still to come.
  close_calls(config.sandbox, Confined::kVault);
  report_ready();
  io.run();

  // The fronts have drained before this process is told to end: what is still on its way finishes
  // on the workers, and its answers find no socket.
  sessions.close_when_idle();
  for (auto& work : keeping) work.stop();
  for (const auto& work : keeping) work.wait();
  on_workers(vault->end());
  workers.join();
  vault->close();
  return 0;
}

}  // namespace certrelay
