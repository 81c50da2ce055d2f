// Internal to relay/env: which file systems write in place.
#pragma once

#include <string_view>

#include "relay/env/files.hpp"

namespace certrelay {

// By statfs(2)'s f_type and the options of the mount, as /proc/self/mountinfo shows them.
Overwriting overwriting_of(std::uint64_t type, std::string_view mount_options);

// The super block's options of the mount with that device in the text of /proc/self/mountinfo;
// empty: none.
std::string_view mount_options_of(std::string_view mountinfo, unsigned device_major,
                                  unsigned device_minor);

}  // namespace certrelay
