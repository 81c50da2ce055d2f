// [sandbox] of certrelay.toml: read by certrelayd and by certrelay-fetch.
#pragma once

#include <string>

#include "firmware/daemon/toml_table.hpp"
#include "firmware/sandbox/call_filter.hpp"
#include "firmware/sandbox/file_rules.hpp"

namespace certrelay {

struct SandboxSection {
  std::string user;   // whom a process that was started as root becomes
  bool root = false;  // or may stay root, without a capability
  FileRules files{};  // the vault's, beyond what the rest of the configuration names; absolute
  bool without_landlock = false;  // starts also where the kernel has no Landlock
  bool off = false;               // under demo only: neither calls nor files are restricted
};

// `folder` is the configuration's. Throws StartFailure.
SandboxSection parse_sandbox(TomlTable& root, const std::string& folder, bool demo);
// What certrelay-fetch needs of the file, and nothing else of it. Throws StartFailure.
SandboxSection load_sandbox(const std::string& path);

// Hardens the process, leaves root and drops every capability. The first thing that a process does,
// once the sockets that need root are bound. Throws StartFailure.
void give_up_privileges(const SandboxSection& section);
// Landlock and seccomp, unless they are off. The first before any thread is started, the second
// when all has started, before the first byte from a peer. Throws StartFailure.
void close_files(const SandboxSection& section, const FileRules& rules, bool may_connect = false);
void close_calls(const SandboxSection& section, Confined kind);

// Whether close_files() closes anything here: what health shows.
bool files_are_closed(const SandboxSection& section);

}  // namespace certrelay
