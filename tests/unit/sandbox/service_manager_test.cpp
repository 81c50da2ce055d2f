#include "firmware/service/service_manager.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

using testing::TempFolder;

// NOLINTBEGIN(concurrency-mt-unsafe): one thread
void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
// NOLINTEND(concurrency-mt-unsafe)

// A notification socket of the test's own.
class Manager {
 public:
  explicit Manager(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
    set("NOTIFY_SOCKET", name);
  }
  std::string heard() {
    std::array<char, 256> out{};
    const auto got = ::recv(fd_.get(), out.data(), out.size(), MSG_DONTWAIT);
    return got < 0 ? "nothing" : std::string(out.data(), static_cast<std::size_t>(got));
  }

 private:
  OwnedFd fd_;
};

TEST(ServiceManager, HearsThroughAPathAndThroughAnAbstractSocket) {
  const TempFolder folder;
  for (const auto& name :
       {folder.path() + "/notify", "@certrelay-test-" + std::to_string(::getpid())}) {
    Manager manager(name);
    const ServiceManager service;
    EXPECT_EQ(::getenv("NOTIFY_SOCKET"), nullptr);  // NOLINT(concurrency-mt-unsafe)
    service.notify("READY=1");
    EXPECT_EQ(manager.heard(), "READY=1");
  }
}

TEST(ServiceManager, NobodyIsToldWhereNobodyAsked) {
  ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  const ServiceManager nobody;
  nobody.notify("READY=1");
  set("NOTIFY_SOCKET", "/nowhere/at/all");
  ServiceManager().notify("READY=1");
  set("NOTIFY_SOCKET", "/" + std::string(200, 'x'));
  ServiceManager().notify("READY=1");
}

TEST(ServiceManager, WatchdogIsThisProcessesAlone) {
  set("WATCHDOG_USEC", "60000000");
  set("WATCHDOG_PID", std::to_string(::getpid()));
  EXPECT_EQ(ServiceManager().watchdog(), std::chrono::seconds(60));
  EXPECT_EQ(ServiceManager().watchdog(), std::nullopt);  // taken out of the environment
  set("WATCHDOG_USEC", "60000000");
  set("WATCHDOG_PID", "1");
  EXPECT_EQ(ServiceManager().watchdog(), std::nullopt);
  for (const auto* wrong : {"", "0", "-1", "6s", "99999999999999999999999"}) {
    set("WATCHDOG_USEC", wrong);
    EXPECT_EQ(ServiceManager().watchdog(), std::nullopt) << wrong;
  }
}

TEST(HandedSockets, AreAnothersUnlessTheyNameThisProcess) {
  set("LISTEN_FDS", "1");
  set("LISTEN_PID", "1");
  EXPECT_TRUE(take_handed_sockets().empty());
  set("LISTEN_FDS", "65");  // one more than anybody hands over
  set("LISTEN_PID", std::to_string(::getpid()));
  EXPECT_TRUE(take_handed_sockets().empty());
}

TEST(HandedSockets, HaveTheNamesOfTheirUnits) {
  // In a child, whose descriptors 3 to 5 are its own.
  EXPECT_EXIT(
      {
        for (int fd = 3; fd < 6; ++fd) ::dup2(2, fd);
        ::fcntl(5, F_SETFD, FD_CLOEXEC);
        set("LISTEN_FDS", "3");
        set("LISTEN_PID", std::to_string(::getpid()));
        set("LISTEN_FDNAMES", "center:registry");
        const auto taken = take_handed_sockets();
        const bool good = taken.size() == 3 && taken[0].name == "center" &&
                          taken[1].name == "registry" && taken[2].name == "unknown" &&
                          taken[0].fd.get() == 3 && (::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 &&
                          take_handed_sockets().empty();
        ::_exit(good ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace certrelay
