// Goal: what a captured process would try is refused, and what it needs to serve is not.
// Method: a child process each, confined by the functions that the shipped processes call, makes
// one call. tests/integration/sandbox_test.py makes the same calls from inside the shipped
// processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "firmware/daemon/owned_fd.hpp"
#include "firmware/sandbox/call_filter.hpp"
#include "firmware/sandbox/file_rules.hpp"
#include "firmware/sandbox/privileges.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

using testing::TempFolder;
using Call = std::function<long()>;

constexpr int kSucceeded = 200;
constexpr int kKilled = 201;  // by SIGSYS

// The call's errno, kSucceeded or kKilled, of a child that `confine` confined before.
int outcome(const std::function<void()>& confine, const Call& call) {
  const pid_t child = ::fork();
  if (child == 0) {
    confine();
    errno = 0;
    ::syscall(SYS_exit_group, call() < 0 ? errno : kSucceeded);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? kKilled : -WTERMSIG(status);
  return WEXITSTATUS(status);
}

int outcome(Confined kind, const Call& call) {
  return outcome(
      [&] {
        harden_process();
        restrict_calls(kind);
      },
      call);
}

long new_program() {
  const char* const arguments[] = {"true", nullptr};  // NOLINT: execve's own form
  return ::syscall(SYS_execve, "/bin/true", arguments, nullptr);
}

long open_file(const std::string& path, int flags) {
  return ::syscall(SYS_openat, AT_FDCWD, path.c_str(), flags, 0600);
}

TEST(Confined, StartsNoProgramAndNoProcess) {
  for (const auto kind : {Confined::kFront, Confined::kVault, Confined::kFetch}) {
    EXPECT_EQ(outcome(kind, new_program), kKilled);
    EXPECT_EQ(outcome(kind, [] { return ::syscall(SYS_fork); }), kKilled);
    EXPECT_EQ(outcome(kind, [] { return ::syscall(SYS_clone, SIGCHLD, nullptr); }), EPERM);
  }
  EXPECT_EQ(outcome(Confined::kVault, [] { return ::syscall(SYS_clone3, nullptr, 0); }), ENOSYS);
}

TEST(Confined, TouchesNoOtherProcess) {
  const pid_t other = ::getppid();
  for (const auto kind : {Confined::kFront, Confined::kVault, Confined::kFetch}) {
    EXPECT_EQ(outcome(kind, [&] { return ::ptrace(PTRACE_ATTACH, other, nullptr, nullptr); }),
              kKilled);
    EXPECT_EQ(outcome(kind, [&] { return ::process_vm_readv(other, nullptr, 0, nullptr, 0, 0); }),
              kKilled);
    EXPECT_EQ(outcome(kind, [&] { return ::kill(other, 0); }), EPERM);
    EXPECT_EQ(outcome(kind, [&] { return ::syscall(SYS_tgkill, other, other, 0); }), EPERM);
  }
}

TEST(Confined, MakesNoSocket) {
  for (const auto kind : {Confined::kFront, Confined::kVault}) {
    for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK}) {
      EXPECT_EQ(outcome(kind, [&] { return ::socket(family, SOCK_STREAM, 0); }), kKilled);
    }
    EXPECT_EQ(outcome(kind, [] { return ::connect(0, nullptr, 0); }), kKilled);
    EXPECT_EQ(outcome(kind, [] { return ::bind(0, nullptr, 0); }), kKilled);
    EXPECT_EQ(outcome(kind, [] { return ::listen(0, 1); }), kKilled);
    std::array<int, 2> ends{};
    EXPECT_EQ(outcome(kind, [&] { return ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()); }),
              kKilled);
  }
  EXPECT_EQ(outcome(Confined::kFetch, [] { return ::socket(AF_INET, SOCK_STREAM, 0); }),
            kSucceeded);
}

TEST(Confined, TakesConnectionsOnlyInAFront) {
  EXPECT_EQ(outcome(Confined::kFront, [] { return ::accept(-1, nullptr, nullptr); }), EBADF);
  EXPECT_EQ(outcome(Confined::kVault, [] { return ::accept(-1, nullptr, nullptr); }), EPERM);
}

TEST(Confined, AFrontOpensMakesAndRemovesNothing) {
  const std::string path = "/dev/null";
  EXPECT_EQ(outcome(Confined::kFront, [&] { return open_file(path, O_RDONLY); }), EPERM);
  EXPECT_EQ(outcome(Confined::kFront, [&] { return ::unlink("/nowhere"); }), EPERM);
  EXPECT_EQ(outcome(Confined::kFront, [&] { return ::mkdir("/nowhere/x", 0700); }), EPERM);
  EXPECT_EQ(outcome(Confined::kVault, [&] { return open_file(path, O_RDONLY); }), kSucceeded);
}

TEST(Confined, MakesNoMemoryAProgram) {
  const auto map = [](int rights) {
    return [rights] {
      return ::mmap(nullptr, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1L
                                                                                             : 0L;
    };
  };
  for (const auto kind : {Confined::kFront, Confined::kVault}) {
    EXPECT_EQ(outcome(kind, map(PROT_READ | PROT_EXEC)), EPERM);
    EXPECT_EQ(outcome(kind, map(PROT_READ | PROT_WRITE)), kSucceeded);
  }
  EXPECT_EQ(outcome(Confined::kFetch, map(PROT_READ | PROT_WRITE | PROT_EXEC)), EPERM);
}

TEST(Confined, ChangesNothingOfTheKernels) {
  for (const auto call : {SYS_mount, SYS_unshare, SYS_setns, SYS_bpf, SYS_io_uring_setup,
                          SYS_keyctl, SYS_userfaultfd, SYS_init_module, SYS_pidfd_open}) {
    EXPECT_EQ(outcome(Confined::kVault, [&] { return ::syscall(call, 0, 0, 0, 0, 0); }), kKilled)
        << call;
  }
}

TEST(Confined, AnUnknownCallFailsAndEndsNothing) {
  EXPECT_EQ(outcome(Confined::kVault, [] { return ::syscall(SYS_getppid); }), EPERM);
  EXPECT_EQ(outcome(Confined::kFront, [] { return ::syscall(9999); }), EPERM);
}

TEST(Confined, HoldsAThreadThatAlreadyRuns) {
  const auto call = [] {
    std::array<int, 2> gate{};
    if (::pipe2(gate.data(), 0) != 0) return 0L;
    long result = 0;
    std::thread running([&] {
      char byte = 0;
      if (::read(gate[0], &byte, 1) == 1) result = ::kill(::getppid(), 0) < 0 ? -errno : 0;
    });
    harden_process();
    restrict_calls(Confined::kVault);
    if (::write(gate[1], "x", 1) != 1) return 0L;
    running.join();
    errno = static_cast<int>(-result);
    return result < 0 ? -1L : 0L;
  };
  EXPECT_EQ(outcome([] {}, call), EPERM);
}

TEST(Confined, NothingOfTheProcessIsLeftToDumpOrRegain) {
  const auto call = [] {
    drop_capabilities();
    harden_process();
    std::ifstream status("/proc/self/status");
    std::string line;
    int found = 0;
    while (std::getline(status, line)) {
      const bool none = line.ends_with("\t0000000000000000");
      if (line.starts_with("Cap") && none) ++found;
      if (line == "NoNewPrivs:\t1") ++found;
    }
    errno = found;
    return -1L;
  };
  EXPECT_EQ(outcome([] {}, call), 6);  // five sets of capabilities
}

class ClosedFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (landlock_abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
    for (const auto* name : {"/read", "/write", "/other"}) {
      ::mkdir((folder_ + name).c_str(), 0700);
      std::ofstream(folder_ + name + "/file") << "x";
    }
  }
  int try_open(const std::string& path, int flags) {
    return after([&] { return open_file(folder_ + path, flags); });
  }
  int after(const Call& call) {
    return outcome(
        [&] {
          harden_process();
          restrict_files(
              {.read = {folder_ + "/read", folder_ + "/missing"}, .write = {folder_ + "/write"}});
        },
        call);
  }

  const TempFolder temp_;
  const std::string folder_ = temp_.path();
};

TEST_F(ClosedFiles, OpenOnlyWhatTheRulesName) {
  EXPECT_EQ(try_open("/read/file", O_RDONLY), kSucceeded);
  EXPECT_EQ(try_open("/read/file", O_RDWR), EACCES);
  EXPECT_EQ(try_open("/read/new", O_RDWR | O_CREAT), EACCES);
  EXPECT_EQ(try_open("/write/file", O_RDWR | O_TRUNC), kSucceeded);
  EXPECT_EQ(try_open("/write/new", O_RDWR | O_CREAT), kSucceeded);
  EXPECT_EQ(try_open("/other/file", O_RDONLY), EACCES);
  EXPECT_EQ(try_open("/other", O_RDONLY | O_DIRECTORY), EACCES);
}

TEST_F(ClosedFiles, MoveNothingInOrOut) {
  const auto move = [&](const char* from, const char* to) {
    return after([&] { return ::rename((folder_ + from).c_str(), (folder_ + to).c_str()); });
  };
  EXPECT_EQ(move("/write/file", "/write/other"), kSucceeded);
  EXPECT_EQ(move("/other/file", "/write/stolen"), EACCES);
  EXPECT_EQ(move("/write/other", "/other/put"), EACCES);
}

TEST_F(ClosedFiles, ALinkToAnotherFileDoesNotOpenIt) {
  ASSERT_EQ(::symlink((folder_ + "/other/file").c_str(), (folder_ + "/read/link").c_str()), 0);
  EXPECT_EQ(try_open("/read/link", O_RDONLY), EACCES);
}

TEST_F(ClosedFiles, StayOpenWhenTheyWereOpen) {
  const OwnedFd held(::open((folder_ + "/other/file").c_str(), O_RDONLY | O_CLOEXEC));
  char byte = 0;
  EXPECT_EQ(after([&] { return ::read(held.get(), &byte, 1); }), kSucceeded);
}

TEST_F(ClosedFiles, ExecuteNothing) { EXPECT_EQ(after(new_program), EACCES); }

TEST_F(ClosedFiles, AreRefusedWithAThreadThatWouldStayFree) {
  EXPECT_EQ(after([] { return 0L; }), kSucceeded);
  const auto confine = [&] {
    std::array<int, 2> gate{};
    if (::pipe2(gate.data(), 0) != 0) return;
    std::thread([fd = gate[0]] {
      char byte = 0;
      (void)!::read(fd, &byte, 1);
    }).detach();
    harden_process();
    restrict_files({});
  };
  EXPECT_EQ(outcome(confine, [] { return 0L; }), -SIGABRT);
}

}  // namespace
}  // namespace certrelay
