#include "firmware/daemon/listening_sockets.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/supervisor.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {

int run_parent(const Config& config) {
  auto sockets = open_listening_sockets(config);
  give_up_privileges(config.sandbox);
  SystemClock clock;
  return Supervisor(config, clock, std::move(sockets)).run();
}

}  // namespace certrelay
