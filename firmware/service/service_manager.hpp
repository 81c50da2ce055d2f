// The service manager's two interfaces, as systemd documents them to stay: sockets that it hands
// over (sd_listen_fds(3)) and what a service tells it (sd_notify(3)).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/daemon/owned_fd.hpp"

namespace certrelay {

struct HandedSocket {
  std::string name;  // FileDescriptorName= of its unit
  OwnedFd fd;        // closes on exec
};

// The sockets that were handed to this very process; none without systemd, and none at a second
// call. Removes the three variables, so that no child takes the descriptors for its own.
std::vector<HandedSocket> take_handed_sockets();

class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and removes them from the environment.
  ServiceManager();

  // One or more "NAME=value" lines. Without a service manager, or when it does not take the
  // message, nothing happens: it notices by its own deadlines.
  void notify(std::string_view lines) const;
  // How often WATCHDOG=1 must come at the least; none: nobody watches.
  std::optional<std::chrono::milliseconds> watchdog() const { return watchdog_; }

 private:
  std::string socket_;  // empty: nobody to tell
  std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace certrelay
