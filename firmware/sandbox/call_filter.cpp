#include "firmware/sandbox/call_filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/sandbox/call_lists.hpp"

namespace certrelay {
namespace {

// One filter that is being put together.
class CallFilter {
 public:
  CallFilter() : context_(::seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    // Calls of the 32-bit and x32 tables, which the lists do not speak of.
    require(context_
                ? ::seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)
                : -ENOMEM);
    require(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
    // A binary tree: the price of a call does not grow with the length of the list.
    require(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
  }

  void allow(std::span<const int> calls) { add_all(SCMP_ACT_ALLOW, calls); }
  void kill(std::span<const int> calls) { add_all(SCMP_ACT_KILL_PROCESS, calls); }
  void refuse(int call, int error) {
    add(SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call, {});
  }
  void allow_if(int call, std::initializer_list<scmp_arg_cmp> conditions) {
    add(SCMP_ACT_ALLOW, call, conditions);
  }
  void load() { require(::seccomp_load(context_.get())); }

 private:
  struct Release {
    void operator()(void* context) const { ::seccomp_release(context); }
  };

  void add_all(std::uint32_t action, std::span<const int> calls) {
    for (const int call : calls) add(action, call, {});
  }
  void add(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> conditions) {
    if (call == __NR_SCMP_ERROR || call < 0) return;  // not of this architecture
    require(::seccomp_rule_add_array(context_.get(), action, call,
                                     static_cast<unsigned>(conditions.size()), conditions.begin()));
  }
  static void require(int result) {
    if (result == 0) return;
    throw StartFailure(std::string("sandbox: seccomp is refused (") + std::strerror(-result) + ")",
                       "run on a kernel with CONFIG_SECCOMP_FILTER");
  }

  std::unique_ptr<void, Release> context_;
};

scmp_arg_cmp is(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp without(unsigned argument, scmp_datum_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}
scmp_arg_cmp with(unsigned argument, scmp_datum_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

// No memory becomes a program: everything that is to run is mapped by now.
void allow_memory(CallFilter& filter) {
  filter.allow_if(SCMP_SYS(mmap), {without(2, PROT_EXEC)});
  filter.allow_if(SCMP_SYS(mprotect), {without(2, PROT_EXEC)});
}

// Libraries that the system's list of name services names, when the first name is looked up.
void allow_libraries(CallFilter& filter) {
  filter.allow_if(SCMP_SYS(mmap), {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC}});
}

void allow_conditionally(CallFilter& filter) {
  allow_memory(filter);
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC}) {
    filter.allow_if(SCMP_SYS(fcntl), {is(1, static_cast<scmp_datum_t>(command))});
  }
  for (const scmp_datum_t request : {scmp_datum_t{FIONBIO}, scmp_datum_t{FIONREAD}}) {
    filter.allow_if(SCMP_SYS(ioctl), {is(1, request)});
  }
  // Limits are read, never set.
  filter.allow_if(SCMP_SYS(prlimit64), {is(2, 0)});
  // abort() and raise(): a signal to itself.
  filter.allow_if(SCMP_SYS(tgkill), {is(0, static_cast<scmp_datum_t>(::getpid()))});
}

// Threads, never processes. clone3's flags lie in memory, where no filter sees them: the C library
// takes ENOSYS for an older kernel and uses clone.
void allow_threads(CallFilter& filter) {
  filter.allow_if(SCMP_SYS(clone), {with(0, CLONE_THREAD)});
  filter.refuse(SCMP_SYS(clone3), ENOSYS);
}

void allow_files(CallFilter& filter) {
  for (const int command : {F_GETLK, F_SETLK, F_SETLKW}) {
    filter.allow_if(SCMP_SYS(fcntl), {is(1, static_cast<scmp_datum_t>(command))});
  }
}

}  // namespace

void restrict_calls(Confined kind) {
  CallFilter filter;
  filter.allow(kEverybodysCalls);
  allow_conditionally(filter);
  filter.kill(kDeadlyCalls);
  switch (kind) {
    case Confined::kFront:
      filter.allow(kFrontsCalls);
      filter.allow_if(SCMP_SYS(newfstatat), {is(3, AT_EMPTY_PATH)});  // glibc's fstat
      filter.kill(kSocketCalls);
      break;
    case Confined::kVault:
      filter.allow(kVaultsCalls);
      allow_files(filter);
      allow_threads(filter);
      filter.kill(kSocketCalls);
      break;
    case Confined::kFetch:
      filter.allow(kFetchsCalls);
      allow_libraries(filter);
      allow_threads(filter);
      break;
  }
  filter.load();
}

}  // namespace certrelay
