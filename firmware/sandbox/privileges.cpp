#include "firmware/sandbox/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "firmware/daemon/start_failure.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

using CapabilitySets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

CapabilitySets capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilitySets out{};
  CERTRELAY_CHECK(::syscall(SYS_capget, &header, out.data()) == 0);
  return out;
}

bool has_any_capability() {
  for (const auto& part : capabilities()) {
    if ((part.effective | part.permitted | part.inheritable) != 0) return true;
  }
  return false;
}

}  // namespace

void harden_process() {
  const rlimit none{0, 0};
  CERTRELAY_CHECK(::setrlimit(RLIMIT_CORE, &none) == 0);
  CERTRELAY_CHECK(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
#ifndef __SANITIZE_ADDRESS__  // LeakSanitizer attaches to its own process at exit
  CERTRELAY_CHECK(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
#endif
}

void leave_root(const std::string& user, bool root_allowed) {
  if (::geteuid() != 0) return;
  if (user.empty()) {
    if (root_allowed) return;
    throw StartFailure("certrelay was started as root",
                       "name its user with sandbox.user, or start it by its unit");
  }
  // One thread, before the first request: the database's static buffer is nobody else's.
  const auto* const entry = ::getpwnam(user.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (entry == nullptr) {
    throw StartFailure("sandbox.user " + user + " does not exist", "make the user, or correct it");
  }
  if (entry->pw_uid == 0) throw StartFailure("sandbox.user " + user + " is root", "name another");
  const auto uid = entry->pw_uid;
  const auto gid = entry->pw_gid;
  if (::initgroups(user.c_str(), gid) != 0 || ::setresgid(gid, gid, gid) != 0 ||
      ::setresuid(uid, uid, uid) != 0) {
    throw StartFailure("sandbox.user " + user + " cannot be taken on", "start as root or as it");
  }
  CERTRELAY_CHECK(::setuid(0) != 0);  // there is no way back
}

void drop_capabilities() {
  CERTRELAY_CHECK(::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0);
  // Root regains by exec whatever the bounding set has left; without CAP_SETPCAP there is nothing
  // to regain, and no_new_privs stands in the way.
  for (unsigned long one = 0; ::prctl(PR_CAPBSET_READ, one, 0, 0, 0) >= 0; ++one) {
    if (::prctl(PR_CAPBSET_DROP, one, 0, 0, 0) != 0 && errno != EPERM) {
      throw StartFailure("a capability cannot be dropped", "see what else confines this process");
    }
  }
  if (!has_any_capability()) return;  // by a unit, whose filter may refuse the very call
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const CapabilitySets none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0) {
    throw StartFailure("capabilities cannot be dropped", "see what else confines this process");
  }
  CERTRELAY_CHECK(!has_any_capability());
}

}  // namespace certrelay
