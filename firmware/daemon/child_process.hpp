// What every process of the relay does first, and the descriptors that it is born with.
#pragma once

#include "firmware/daemon/control_channel.hpp"

namespace certrelay {

inline constexpr int kControlFd = 3;
inline constexpr int kListenFd = 4;  // a front's alone

// No core dump, no new privilege, no debugger; called before the first secret is read (R33).
void harden_process();

// Tells the parent that this process has started completely.
void report_ready();
// Tells it that a reload was done with, whatever came of it: `configuration` is in force here.
void report_reloaded(const Digest& configuration);

}  // namespace certrelay
