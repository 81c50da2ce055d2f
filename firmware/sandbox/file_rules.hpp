// Which files a process may still open: Landlock, by its own system calls (no library of Debian 12
// has them). What is open already stays open.
#pragma once

#include <string>
#include <vector>

namespace certrelay {

// Files, or folders with all that lies below them. What does not exist is passed over: it cannot be
// opened later either, unless its folder is named.
struct FileRules {
  std::vector<std::string> read{};
  std::vector<std::string> write{};  // and read, make, rename within, remove
};

// The kernel's Landlock ABI (landlock_create_ruleset(2)); 0: it has none, or it is switched off.
int landlock_abi();

// From here on this process opens nothing but what `rules` name, executes nothing, and as far as
// the kernel knows how (ABI 4 and 6) neither binds nor, unless `may_connect`, connects a TCP
// socket, nor reaches an abstract socket or signals a process outside. Cannot be taken back.
// Threads that already run would not be held: there must be one (CHECK). Throws StartFailure: the
// kernel refuses. Precondition: landlock_abi() > 0, and no_new_privs is set.
void restrict_files(const FileRules& rules, bool may_connect = false);

}  // namespace certrelay
