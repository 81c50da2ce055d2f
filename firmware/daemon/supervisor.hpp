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
#include "firmware/service/service_manager.hpp"
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
  // time (it has said why on stderr) or did not end well when it was told to.
  int run();

 private:
  struct Child {
    explicit Child(ProcessName its_name) : name(its_name) {}
    ProcessName name;
    pid_t pid = -1;  // -1: not running
    OwnedFd control;
    Digest identity{};  // a front's: what it runs on (front_identity())
    bool ready = false;
    bool was_ready = false;   // at any time: its configuration is good, so start it again
    bool look_again = false;  // a front's: a reload has ended since it last read its files
    int failures = 0;         // in a row, without staying up
    SteadyTime started{};
    SteadyTime heard{};  // when it last said that it is alive
    SteadyTime restart_at{};
  };

  // A front whose successor runs: it answers what it has taken and ends.
  struct Leaving {
    ProcessName name;
    pid_t pid;
    OwnedFd control;  // kept: a front without its parent ends at once
  };

  void start(Child& child);
  [[noreturn]] void become(const Child& child, OwnedFd control, OwnedFd text) const;
  void link(Child& front);
  void link_all_fronts();
  void take_message(Child& child);
  void hand_over_fetch(Child& vault);
  // False when the supervisor must end.
  bool reap();
  void restart_due();
  void announce();
  void tell_service_manager();
  // configuration_offer.cpp
  void offer_if_wanted();
  std::optional<Config> read_candidate() const;
  // Of the vault: this is in force. Fronts that run on another one are replaced.
  void end_offer(const Digest& in_force);
  void give_up_offer();
  // front_replacement.cpp
  void replace_outdated();
  void replace_front(Child& front);
  void dismiss_predecessors(const ProcessName& name);
  bool reap_leaving(pid_t pid, int status);
  void stop_all();
  void report_stop(const Child& child, int status);
  void wait_for_events();
  int listening_fd(const ProcessName& name) const;

  Config config_;                  // in force: whatever is started runs on its text (INV-8)
  std::optional<Config> offered_;  // to the vault, which has not said yet what came of it
  bool offer_wanted_ = false;      // SIGHUP came, and no vault was told yet
  Clock& clock_;
  std::vector<ListeningSocket> sockets_;
  std::vector<Child> children_;  // the vault first
  std::vector<Leaving> leaving_;
  OwnedFd signals_;
  ServiceManager service_;
  SteadyTime watchdog_at_{};
  bool announced_ = false;
  bool tested_ = false;  // by the vault of this start, once
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace certrelay
