// A text that one process hands to another by a descriptor.
#pragma once

#include <string>
#include <string_view>

#include "firmware/daemon/owned_fd.hpp"

namespace certrelay {

// A file in memory alone (memfd_create) that nobody can change any more. Not valid where the kernel
// refuses it.
OwnedFd text_in_memory(std::string_view text);

// What it holds, from its beginning, at most kConfigBytesMax; empty where it cannot be read.
std::string read_text_in_memory(const OwnedFd& file);

}  // namespace certrelay
