#include "firmware/daemon/child_process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "protocol/base/check.hpp"

namespace certrelay {

void harden_process() {
  const rlimit none{0, 0};
  CERTRELAY_CHECK(::setrlimit(RLIMIT_CORE, &none) == 0);
  CERTRELAY_CHECK(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
#ifndef __SANITIZE_ADDRESS__  // LeakSanitizer attaches to its own process at exit
  CERTRELAY_CHECK(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
#endif
}

void report_ready() {
  // A parent that is gone is noticed by the end of the control channel.
  (void)send_control(kControlFd, ControlKind::kReady, Role::kCenter);
}

void report_reloaded(const Digest& configuration) {
  (void)send_control(kControlFd, ControlKind::kReloaded, configuration);
}

}  // namespace certrelay
