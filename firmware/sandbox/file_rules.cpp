#include "firmware/sandbox/file_rules.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "firmware/daemon/owned_fd.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

// linux/landlock.h of newer kernels than Debian 12's headers are of (6.1 knows ABI 2).
constexpr std::uint64_t kTruncate = 1ULL << 14U;  // ABI 3
constexpr std::uint64_t kIoctlDev = 1ULL << 15U;  // ABI 5
constexpr std::uint64_t kBindTcp = 1ULL << 0U;    // ABI 4
constexpr std::uint64_t kConnectTcp = 1ULL << 1U;
constexpr std::uint64_t kAbstractSockets = 1ULL << 0U;  // ABI 6
constexpr std::uint64_t kSignals = 1ULL << 1U;
constexpr int kAbiRefer = 2;
constexpr int kAbiTruncate = 3;
constexpr int kAbiNetwork = 4;
constexpr int kAbiIoctl = 5;
constexpr int kAbiScopes = 6;

struct RulesetAttributes {  // landlock_ruleset_attr as of ABI 6; older kernels want zeros
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scopes;
};

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kRead = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
// No device, no FIFO, no socket, no symbolic link is ever made.
constexpr std::uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t kWrite = kRead | kWriteFile | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_MAKE_REG;
// Everything that ABI 1 can refuse: its 13 rights are the lowest bits.
constexpr std::uint64_t kAllOfAbi1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;

RulesetAttributes attributes(int abi, bool may_connect) {
  RulesetAttributes out{kAllOfAbi1, 0, 0};
  if (abi >= kAbiRefer) out.files |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= kAbiTruncate) out.files |= kTruncate;
  if (abi >= kAbiIoctl) out.files |= kIoctlDev;
  if (abi >= kAbiNetwork) out.network = may_connect ? kBindTcp : kBindTcp | kConnectTcp;
  if (abi >= kAbiScopes) out.scopes = kAbstractSockets | kSignals;
  return out;
}

[[noreturn]] void refuse(const std::string& what) {
  throw StartFailure("sandbox: " + what + " (" + std::strerror(errno) + ")",
                     "see what else confines this process");
}

void add(const OwnedFd& ruleset, const std::string& path, std::uint64_t rights, int abi) {
  const OwnedFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place.valid()) return;
  struct ::stat found{};
  CERTRELAY_CHECK(::fstat(place.get(), &found) == 0);
  // A folder's rights on a file are refused by the kernel.
  if (!S_ISDIR(found.st_mode)) rights &= kReadFile | kWriteFile;
  if (abi >= kAbiTruncate && (rights & kWriteFile) != 0) rights |= kTruncate;
  const landlock_path_beneath_attr rule{rights, place.get()};
  if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    refuse(path + " cannot be permitted");
  }
}

std::size_t threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

}  // namespace

int landlock_abi() {
  const auto abi =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

void restrict_files(const FileRules& rules, bool may_connect) {
  CERTRELAY_CHECK(threads() == 1);
  const int abi = landlock_abi();
  CERTRELAY_CHECK(abi > 0);
  const auto wanted = attributes(abi, may_connect);
  const OwnedFd ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0)));
  if (!ruleset.valid()) refuse("Landlock makes no ruleset");
  for (const auto& path : rules.read) add(ruleset, path, kRead, abi);
  for (const auto& path : rules.write) add(ruleset, path, kWrite, abi);
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) refuse("Landlock is refused");
}

}  // namespace certrelay
