// A front opens no file once it serves: what changes for it, its certificate, its peers, its
// limits, comes with another process on the same listening socket. The old one answers what it has
// taken.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "firmware/daemon/supervisor.hpp"

namespace certrelay {
namespace {

// Asked in a process of its own: the parent holds no key. Nothing: the files are not usable, which
// it has said.
std::optional<Digest> identity_apart(const Config& config, Role role) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const OwnedFd from(ends[0]);
  OwnedFd to(ends[1]);
  const pid_t pid = ::fork();
  if (pid == 0) {
    try {
      const auto identity = front_identity(config, role);
      const bool told = ::write(to.get(), identity.data(), identity.size()) > 0;
      std::_Exit(told ? 0 : 1);
    } catch (const StartFailure& failure) {
      const ProcessName name{role};
      kept_line(name, "the ").say(name).say(" listener stays as it was: ").say(failure).write();
      std::_Exit(1);
    }
  }
  to = OwnedFd();
  if (pid < 0) return std::nullopt;
  Digest out{};
  const bool told = ::read(from.get(), out.data(), out.size()) == std::ssize(out);
  (void)::waitpid(pid, nullptr, 0);
  return told ? std::optional(out) : std::nullopt;
}

}  // namespace

// One that still starts may have read what was there before: it is looked at once it is ready.
void Supervisor::replace_outdated() {
  for (auto& child : children_) {
    const bool serves = child.pid > 0 && child.ready;
    if (serves && std::exchange(child.look_again, false)) replace_front(child);
  }
}

void Supervisor::replace_front(Child& front) {
  const auto identity = identity_apart(config_, *front.name.front);
  if (!identity || *identity == front.identity) return;
  leaving_.push_back({front.name, front.pid, std::move(front.control)});
  front.pid = -1;
  start(front);
}

// Its successor takes connections from here on.
void Supervisor::dismiss_predecessors(const ProcessName& name) {
  for (const auto& one : leaving_) {
    if (one.name.front == name.front) ::kill(one.pid, SIGTERM);
  }
}

bool Supervisor::reap_leaving(pid_t pid, int status) {
  const auto found = std::ranges::find(leaving_, pid, &Leaving::pid);
  if (found == leaving_.end()) return false;
  LogLine line(LogLevel::kNotice, "reload");
  line.say("reload: the ").say(found->name).say(" listener is in force");
  if (status != 0) line.say("; its predecessor did not end well");
  line.with("part", found->name).with("outcome", "in_force").write();
  leaving_.erase(found);
  return true;
}

}  // namespace certrelay
