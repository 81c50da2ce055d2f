// What a process of the relay gives up for good: core dumps, debuggers, new privileges, the super
// user and every capability (R33).
#pragma once

#include <string>

namespace certrelay {

// No core dump, no debugger, no new privilege by exec; called before the first secret is read.
void harden_process();

// Started as root: becomes `user` with that user's own groups, whom the user database names; "" is
// refused unless `root_allowed` (a demonstration's, or a machine's that has one user alone).
// Started as anybody else: changes nothing. To be called with one thread, while the sockets that
// need root are already bound. Throws StartFailure: no such user, root that nobody allowed.
void leave_root(const std::string& user, bool root_allowed);

// Empties the bounding, ambient, inheritable, permitted and effective sets of the calling thread,
// and checks that they are empty. To be called with one thread. Throws StartFailure.
void drop_capabilities();

}  // namespace certrelay
