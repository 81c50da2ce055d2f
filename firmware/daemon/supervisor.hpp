// The parent process: starts the vault and one front a listener, gives each pair a connected
// socket, starts again what dies, and ends all on SIGTERM. It parses nothing that comes from
// outside and holds no key.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/control_channel.hpp"
#include "firmware/daemon/listening_sockets.hpp"
#include "firmware/daemon/process_name.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

class Supervisor {
 public:
  // `clock` must outlive it.
  Supervisor(Config config, Clock& clock, std::vector<ListeningSocket> sockets);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Returns the exit code: 0 after SIGTERM or SIGINT, 1 when a process could not start the first
  // time (it has said why on stderr).
  int run();

 private:
  struct Child {
    explicit Child(ProcessName its_name) : name(its_name) {}
    ProcessName name;
    pid_t pid = -1;  // -1: not running
    OwnedFd control;
    bool ready = false;
    bool was_ready = false;  // at any time: its configuration is good, so start it again
    int failures = 0;        // in a row, without staying up
    SteadyTime started{};
    SteadyTime restart_at{};
  };

  void start(Child& child);
  [[noreturn]] void become(const Child& child, OwnedFd control) const;
  void link(Child& front);
  void link_all_fronts();
  void take_message(Child& child);
  // False when the supervisor must end.
  bool reap();
  void restart_due();
  void announce();
  // SIGHUP: the file as it is now is offered to the vault, and to the fronts once that took it.
  void reload();
  bool take_candidate();
  void end_reload(const Digest& in_force);
  void stop_all();
  void wait_for_events();
  int listening_fd(const ProcessName& name) const;

  Config config_;                    // in force: whatever is started again runs on it (INV-8)
  std::optional<Config> candidate_;  // offered to the vault
  bool reloading_ = false;           // the vault has not said yet what came of it
  bool reload_again_ = false;        // and the signal came meanwhile
  Clock& clock_;
  std::vector<ListeningSocket> sockets_;
  std::vector<Child> children_;  // the vault first
  OwnedFd signals_;
  bool announced_ = false;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace certrelay
