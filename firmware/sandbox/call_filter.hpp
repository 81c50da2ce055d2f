// Which system calls a process may still make: seccomp. An allow list a kind of process; the lists
// lie in call_lists.hpp.
#pragma once

#include <cstdint>

namespace certrelay {

enum class Confined : std::uint8_t {
  kFront,  // sockets it was given, memory, time; opens, makes and connects nothing
  kVault,  // and files (Landlock says which), threads; no socket but those it was given
  kFetch,  // a front's, and connections to the outside with what looking up a name needs
};

// From here on every thread of this process and all that it starts is held to that list. A call
// that only an attacker makes (another program, another process's memory, the kernel's own parts)
// ends the process by SIGSYS, which its parent reports; any other that is not on the list fails
// with EPERM, as a library that tries something new must not end a transaction. Cannot be taken
// back. Threads that already run are held too. Throws StartFailure: the kernel has no seccomp
// filters. Precondition: no_new_privs is set.
void restrict_calls(Confined kind);

}  // namespace certrelay
