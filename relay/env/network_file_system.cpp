#include "relay/env/network_file_system.hpp"

#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace certrelay {
namespace {

struct Kind {
  std::uint32_t type;
  std::string_view name;
};

// linux/magic.h, and where that has none the file system's own source. Of those on a shared block
// device (GFS2, OCFS2 ...) several machines may be in one folder at once.
// clang-format off
constexpr std::array kKinds{
    Kind{0x00006969, "NFS"},
    Kind{0xFF534D42, "SMB"},  // version 1
    Kind{0xFE534D42, "SMB"},
    Kind{0x0000517B, "SMB"},  // smbfs
    Kind{0x65735546, "FUSE"},
    Kind{0x01021997, "9P"},
    Kind{0x00C36400, "Ceph"},
    Kind{0x01161970, "GFS2"},
    Kind{0x7461636F, "OCFS2"},
    Kind{0x5346414F, "AFS"},
    Kind{0x6B414653, "AFS"},  // the kernel's own
    Kind{0x73757245, "Coda"},
    Kind{0x0BD00BD0, "Lustre"},
    Kind{0x47504653, "GPFS"},
    Kind{0x19830326, "BeeGFS"},
    Kind{0xAAD7AAEA, "PanFS"},
    Kind{0x20030528, "OrangeFS"},
    Kind{0x0000564C, "NCP"},
    Kind{0x786F4256, "vboxsf"},  // a virtual machine's folders of its host
    Kind{0xBACBACBC, "vmhgfs"},
};
// clang-format on

}  // namespace

std::string_view network_file_system(std::uint64_t type) {
  // f_type is signed on some machines: only its 32 bits mean anything.
  const auto low = static_cast<std::uint32_t>(type);
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(),
                                         [low](const Kind& kind) { return kind.type == low; });
  return found == kKinds.end() ? std::string_view() : found->name;
}

Result<void> check_local_file_system(const std::string& path) {
  struct ::statfs system{};
  if (::statfs(path.c_str(), &system) != 0) {
    return Error{errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIoError, "files: statfs"};
  }
  const auto name = network_file_system(static_cast<std::uint64_t>(system.f_type));
  if (!name.empty()) return Error{ErrorCode::kNetworkFileSystem, name};
  return ok();
}

}  // namespace certrelay
