#include "firmware/daemon/listening_sockets.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/supervisor.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {

int run_parent(const Config& config) {
  SystemClock clock;
  return Supervisor(config, clock, open_listening_sockets(config)).run();
}

}  // namespace certrelay
