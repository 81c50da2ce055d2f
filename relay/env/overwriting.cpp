#include "relay/env/overwriting.hpp"

#include <algorithm>
#include <string>

namespace certrelay {
namespace {

// linux/magic.h
constexpr std::uint64_t kExt = 0xEF53;      // ext2, ext3 and ext4
constexpr std::uint64_t kXfs = 0x58465342;  // shares blocks only where somebody asked it to

}  // namespace

Overwriting overwriting_of(std::uint64_t type, std::string_view mount_options) {
  if (type == kXfs) return Overwriting::kInPlace;
  if (type != kExt) return Overwriting::kKeepsOld;
  return mount_options.find("data=journal") == std::string_view::npos ? Overwriting::kInPlace
                                                                      : Overwriting::kJournaled;
}

// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" (proc(5))
std::string_view mount_options_of(std::string_view mountinfo, unsigned device_major,
                                  unsigned device_minor) {
  const auto device = " " + std::to_string(device_major) + ":" + std::to_string(device_minor) + " ";
  while (!mountinfo.empty()) {
    const auto line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    if (line.find(device) == std::string_view::npos) continue;
    return line.substr(line.rfind(' ') + 1);
  }
  return {};
}

}  // namespace certrelay
