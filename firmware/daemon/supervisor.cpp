#include "firmware/daemon/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "firmware/daemon/child_process.hpp"
#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "firmware/daemon/text_in_memory.hpp"
#include "firmware/fetch/fetch_client.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/front/session.hpp"

namespace certrelay {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRestartFirst{100};
constexpr milliseconds kRestartMax{5000};
constexpr milliseconds kStaysUp{10'000};  // a process that ran so long had started well
// One that can start is started again at once however often it ends: waiting would not mend it, and
// residents wait too. Only what cannot start is tried ever less often.
constexpr int kReadyFailuresMax = 0;
constexpr milliseconds kSilenceMax = 4 * kAlivePeriod;
constexpr milliseconds kStopGrace{20'000};
constexpr milliseconds kStopLook{100};
// A front that waits for slow callers to the end of its own deadline must still end by itself: it
// has counts to report.
static_assert(kStopGrace > FrontLimits{}.drain_ms);

milliseconds restart_delay(int failures) {
  const auto doubled = kRestartFirst * (1 << std::min(failures, 6));
  return std::min(doubled, kRestartMax);
}

void report_end(const ProcessName& name, int status, LogWords then) {
  const bool killed = WIFSIGNALED(status);
  const int number = killed ? WTERMSIG(status) : WEXITSTATUS(status);
  LogLine line(LogLevel::kWarning, "process_ended");
  line.say("the ").say(name).say(" process ended (");
  line.say(killed ? LogWords("signal ") : LogWords("exit code ")).say(number).say("); ").say(then);
  line.with("process", name);
  line.with(killed ? LogWords("signal") : LogWords("exit_code"), number).write();
}

OwnedFd block_and_watch_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return OwnedFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

Supervisor::Supervisor(Config config, Clock& clock, std::vector<ListeningSocket> sockets)
    : config_(std::move(config)),
      clock_(clock),
      sockets_(std::move(sockets)),
      signals_(block_and_watch_signals()) {
  children_.emplace_back(ProcessName{});
  for (const auto& socket : sockets_) children_.emplace_back(ProcessName{socket.role});
}

Supervisor::~Supervisor() = default;

int Supervisor::listening_fd(const ProcessName& name) const {
  for (const auto& socket : sockets_) {
    if (name.front == socket.role) return socket.fd.get();
  }
  return -1;
}

// In the forked child: leaves it with stdio, its control socket and its listening socket alone.
void Supervisor::become(const Child& child, OwnedFd control) const {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Above the fixed numbers first, so that neither dup2 overwrites the other's source.
  const int high_control = ::fcntl(control.get(), F_DUPFD, 100);
  const int listening = listening_fd(child.name);
  const int high_listen = listening < 0 ? -1 : ::fcntl(listening, F_DUPFD, 100);
  ::dup2(high_control, kControlFd);
  if (high_listen >= 0) ::dup2(high_listen, kListenFd);
  ::close_range(high_listen >= 0 ? kListenFd + 1 : kControlFd + 1, ~0U, 0);
  const std::string role = child.name.text();
  const std::string digest = to_hex(config_.digest);
  const std::array<const char*, 8> arguments{"certrelayd",   "--config",   config_.file.c_str(),
                                             "--role",       role.c_str(), "--configuration",
                                             digest.c_str(), nullptr};
  // A function of a library that is looked up at its first call leaves the caller's vector
  // registers, and with them what was copied last, on the stack.
  ::setenv("LD_BIND_NOW", "1", 1);
  // A transaction frees some thousand small blocks; glibc keeps seven of a size at hand, and the
  // rest goes through its lists (decision 0119).
  ::setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=200", 1);
  ::execv("/proc/self/exe", const_cast<char* const*>(arguments.data()));
  std::_Exit(127);
}

void Supervisor::start(Child& child) {
  auto pair = make_control_pair();
  if (!pair) throw StartFailure("no socket for a process", "raise the limit of open files");
  const pid_t pid = ::fork();
  if (pid < 0) throw StartFailure("cannot start a process", "raise the limit of processes");
  if (pid == 0) become(child, std::move(pair.value().child));
  child.pid = pid;
  child.control = std::move(pair.value().parent);
  child.ready = false;
  child.look_again = false;
  child.started = clock_.steady_now();
  if (child.name.is_vault()) {
    link_all_fronts();
  } else {
    link(child);
  }
}

void Supervisor::link(Child& front) {
  Child& vault = children_.front();
  if (front.pid < 0 || vault.pid < 0) return;
  auto pair = make_link_pair();
  if (!pair) return;  // the front refuses by itself; the next restart tries again
  const Role role = *front.name.front;
  // A process that is just dying makes this fail; its restart links again.
  (void)send_control(vault.control.get(), ControlKind::kLink, role, pair.value().parent.get());
  (void)send_control(front.control.get(), ControlKind::kLink, role, pair.value().child.get());
}

void Supervisor::link_all_fronts() {
  for (auto& child : children_) {
    if (!child.name.is_vault()) link(child);
  }
}

void Supervisor::take_message(Child& child) {
  auto message = receive_control(child.control.get());
  if (!message) {
    child.control = OwnedFd();  // gone: SIGCHLD tells the rest
    return;
  }
  if (message.value().kind == ControlKind::kFetch) hand_over_fetch(child);
  child.heard = clock_.steady_now();
  if (message.value().kind == ControlKind::kTested && child.name.is_vault()) {
    tested_ = true;
    announce();
  }
  if (message.value().kind == ControlKind::kReloaded) {
    if (child.name.is_vault()) return end_reload(message.value().configuration);
    child.identity = message.value().configuration;
  }
  if (message.value().kind != ControlKind::kReady) return;
  child.ready = true;
  child.was_ready = true;
  dismiss_predecessors(child.name);
  announce();
  if (child.name.is_vault() && !reloading_ && std::exchange(reload_again_, false)) reload();
  if (std::exchange(child.look_again, false)) replace_front(child);
}

// The vault may open no socket, so its parent does it, to this one address and for the vault alone.
void Supervisor::hand_over_fetch(Child& vault) {
  if (!vault.name.is_vault() || !config_.ocsp) return;
  const auto line = connect_fetch(config_.ocsp->socket);
  (void)send_control(vault.control.get(), ControlKind::kFetch, Role::kCenter, line.get());
}

void Supervisor::announce() {
  const auto ready = [](const Child& child) { return child.ready; };
  if (announced_ && tested_) service_.notify("READY=1\nSTATUS=交付しています");
  if (announced_ || !std::all_of(children_.begin(), children_.end(), ready)) return;
  announced_ = true;
  PosixFiles files;
  (void)files.make_folder(config_.run_dir);  // kAlreadyExists is fine; else the write below fails
  for (const auto& socket : sockets_) {
    const std::string role(to_text(socket.role));
    const auto path = config_.run_dir + "/" + role + ".addr";
    if (!files.write_durably(path, as_bytes(socket.address + "\n"))) {
      throw StartFailure(path + " cannot be written", "check site.run_dir and its rights");
    }
    std::printf("LISTENING %s %s\n", role.c_str(), socket.address.c_str());
  }
  std::fflush(stdout);
  service_.notify(tested_ ? "READY=1\nSTATUS=交付しています"
                          : "STATUS=起動しました。自己検査を待っています");
}

// The machine's watchdog is fed while every process that runs has been heard of lately: one that
// hangs ends them all, and the service manager starts the relay anew.
void Supervisor::tell_service_manager() {
  if (!service_.watchdog()) return;
  const auto now = clock_.steady_now();
  if (now < watchdog_at_) return;
  const auto silent = [&](const Child& child) {
    return child.pid > 0 && child.ready && now - child.heard > kSilenceMax;
  };
  if (std::any_of(children_.begin(), children_.end(), silent)) return;
  service_.notify("WATCHDOG=1");
  watchdog_at_ = now + *service_.watchdog() / 4;
}

bool Supervisor::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (reap_leaving(pid, status)) continue;
    const auto found = std::find_if(children_.begin(), children_.end(),
                                    [&](const Child& child) { return child.pid == pid; });
    if (found == children_.end()) continue;
    found->pid = -1;
    found->control = OwnedFd();
    if (found->name.is_vault() && std::exchange(reloading_, false) && !reload_again_) {
      // It starts on what is in force: what it was just offered may have been its end.
      kept_line("configuration",
                "the vault ended while it took what changed; where the configuration file was "
                "changed, put the former one back or restart the whole relay")
          .write();
    }
    if (stopping_) {
      report_stop(*found, status);
      continue;
    }
    if (!found->was_ready) {
      exit_code_ = 1;
      return false;
    }
    const auto now = clock_.steady_now();
    found->failures = now - found->started >= kStaysUp ? 0 : found->failures + 1;
    if (found->ready) found->failures = std::min(found->failures, kReadyFailuresMax);
    found->restart_at = now + restart_delay(found->failures);
    report_end(found->name, status, "starting it again");
  }
  return true;
}

void Supervisor::restart_due() {
  for (auto& child : children_) {
    if (child.pid < 0 && clock_.steady_now() >= child.restart_at) start(child);
  }
}

void Supervisor::wait_for_events() {
  std::vector<pollfd> watched{{signals_.get(), POLLIN, 0}};
  std::vector<Child*> owners;
  bool waiting_to_restart = false;
  for (auto& child : children_) {
    waiting_to_restart |= child.pid < 0 && !stopping_;
    if (!child.control.valid()) continue;
    watched.push_back({child.control.get(), POLLIN, 0});
    owners.push_back(&child);
  }
  const int timeout_ms = waiting_to_restart    ? 20
                         : stopping_           ? static_cast<int>(kStopLook.count())
                         : service_.watchdog() ? 1000
                                               : -1;
  if (::poll(watched.data(), watched.size(), timeout_ms) <= 0) return;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (watched.at(i + 1).revents != 0) take_message(*owners.at(i));
  }
  signalfd_siginfo signal{};
  while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    const auto number = static_cast<int>(signal.ssi_signo);
    if (number == SIGTERM || number == SIGINT) stopping_ = true;
    if (number == SIGHUP) reload();
  }
}

// False: the file is none that a running relay could take.
bool Supervisor::take_candidate() {
  candidate_.reset();
  try {
    candidate_.emplace(load_config(config_.file));
  } catch (const StartFailure& failure) {
    log_kept("configuration", "the configuration stays as it was: ", failure);
    return false;
  }
  if (candidate_->fixed == config_.fixed) return true;
  kept_line("configuration", "the configuration stays as it was: ")
      .say(LogDetail::own(config_.file))
      .say(" differs in what a running relay cannot take over; restart the whole relay")
      .write();
  candidate_.reset();
  return false;
}

// With a file that cannot be taken the other files are read again all the same. A vault that is
// still starting may have read them already, so it is told once it has started.
void Supervisor::reload() {
  const Child& vault = children_.front();
  if (reloading_ || vault.pid < 0 || !vault.ready) {
    reload_again_ = true;
    return;
  }
  const bool taken = take_candidate();
  const auto& wanted = taken ? *candidate_ : config_;
  const auto text = text_in_memory(wanted.text);
  reloading_ = text.valid() &&
               send_control(vault.control.get(), ControlKind::kReload, wanted.digest, text.get())
                   .has_value();
  // Its end is about to be noticed: the next vault is told once it has started.
  if (!reloading_) reload_again_ = true;
}

void Supervisor::end_reload(const Digest& in_force) {
  reloading_ = false;
  if (candidate_ && candidate_->digest == in_force) config_ = *std::exchange(candidate_, {});
  for (auto& child : children_) {
    // One that is dead comes back on what is in force.
    if (child.name.is_vault() || child.pid < 0) continue;
    if (child.ready) {
      replace_front(child);
    } else {
      child.look_again = true;
    }
  }
  if (std::exchange(reload_again_, false)) reload();
}

// What was not ended well has left something undone: say so, and let the exit code say it. One that
// was still starting has not begun anything, and the signal is its ordinary end.
void Supervisor::report_stop(const Child& child, int status) {
  const bool starting = !child.ready && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
  if (status == 0 || starting) return;
  exit_code_ = 1;
  report_end(child.name, status, "it was told to stop");
}

// The fronts first: they stop accepting and finish what they hold; the vault ends last, with a
// checkpoint.
void Supervisor::stop_all() {
  stopping_ = true;
  const auto signal_all = [&](bool vault, int signal) {
    for (const auto& child : children_) {
      if (child.pid > 0 && child.name.is_vault() == vault) ::kill(child.pid, signal);
    }
    for (const auto& one : leaving_) {
      if (!vault) ::kill(one.pid, signal);
    }
  };
  const auto alive = [&](bool vault) {
    if (!vault && !leaving_.empty()) return true;
    return std::any_of(children_.begin(), children_.end(), [&](const Child& child) {
      return child.pid > 0 && child.name.is_vault() == vault;
    });
  };
  for (const bool vault : {false, true}) {
    signal_all(vault, SIGTERM);
    // By what this process has waited, not by the clock: while the whole machine was suspended, or
    // busy with others, nobody had that time.
    for (milliseconds waited{0}; alive(vault) && waited < kStopGrace;) {
      const auto from = clock_.steady_now();
      wait_for_events();
      (void)reap();
      waited += std::min(clock_.steady_now() - from, kStopLook);
    }
    signal_all(vault, SIGKILL);
    while (alive(vault)) {
      wait_for_events();
      (void)reap();
    }
  }
}

int Supervisor::run() {
  for (auto& child : children_) start(child);
  while (!stopping_) {
    wait_for_events();
    if (!reap()) break;
    if (!stopping_) restart_due();
    tell_service_manager();
  }
  service_.notify("STOPPING=1");
  stop_all();
  PosixFiles files;
  for (const auto& socket : sockets_) {
    (void)files.remove(config_.run_dir + "/" + std::string(to_text(socket.role)) + ".addr");
  }
  return exit_code_;
}

}  // namespace certrelay
