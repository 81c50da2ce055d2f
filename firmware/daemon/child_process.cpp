#include "firmware/daemon/child_process.hpp"

namespace certrelay {

void report_ready() {
  // A parent that is gone is noticed by the end of the control channel.
  (void)send_control(kControlFd, ControlKind::kReady, Role::kCenter);
}

void report_tested() { (void)send_control(kControlFd, ControlKind::kTested, Role::kCenter); }

void report_reloaded(const Digest& configuration) {
  (void)send_control(kControlFd, ControlKind::kReloaded, configuration);
}

boost::asio::awaitable<void> report_alive(Clock& clock) {
  while (true) {
    // A parent whose buffer is full is behind by many of these.
    (void)send_control(kControlFd, ControlKind::kAlive, Role::kCenter);
    co_await clock.sleep_until(clock.steady_now() + kAlivePeriod);
  }
}

}  // namespace certrelay
