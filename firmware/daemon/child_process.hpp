// The descriptors that a process of the relay is born with, and its word to its parent.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "firmware/daemon/control_channel.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

inline constexpr int kControlFd = 3;
inline constexpr int kListenFd = 4;  // a front's alone
inline constexpr int kConfigFd = 5;  // the configuration's text (text_in_memory.hpp)

// Tells the parent that this process has started completely.
void report_ready();
// Tells it that a reload was done with, whatever came of it: `configuration` is in force here.
void report_reloaded(const Digest& configuration);

// The vault's alone: the self-test has passed.
void report_tested();

// Tells the parent every kAlivePeriod that this thread runs, until it is cancelled.
boost::asio::awaitable<void> report_alive(Clock& clock);

}  // namespace certrelay
