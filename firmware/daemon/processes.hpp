// The three things that the one binary can be.
#pragma once

#include "firmware/daemon/config.hpp"

namespace certrelay {

// Each runs until it is told to end and returns the exit code; each throws StartFailure.
int run_parent(const Config& config);
int run_vault_process(const Config& config);
int run_front_process(const Config& config, Role role);

// `certrelayd --check`: opens all that the configuration names, changes nothing that is there, and
// throws StartFailure at the first thing that would keep a process from starting.
void check_front(const Config& config, Role role);
// The same, and of what it takes from the configuration and its files: a front that runs on another
// one is to be replaced.
Digest front_identity(const Config& config, Role role);
void check_vault(const Config& config);

}  // namespace certrelay
