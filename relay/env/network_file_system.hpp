// Whether a folder's locks and syncs are this machine's own. On a network file system two machines
// may both hold a lock, and what was synced may be another machine's promise (INV-8).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// What statfs(2) says in f_type. "NFS", "SMB", "FUSE" ...; empty for a file system of this machine.
// Every FUSE counts: the kernel does not tell whether one lies behind a network.
std::string_view network_file_system(std::uint64_t type);

// Ok when `path` exists and lies on a file system of this machine. Errors: kNetworkFileSystem
// (`where` is its name), kNotFound, kIoError.
Result<void> check_local_file_system(const std::string& path);

}  // namespace certrelay
