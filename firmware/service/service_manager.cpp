#include "firmware/service/service_manager.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace certrelay {
namespace {

constexpr int kFirstHandedFd = 3;  // SD_LISTEN_FDS_START
constexpr int kHandedMax = 64;

// The value, taken out of the environment; "" where there is none. Called while there is one
// thread.
std::string take_variable(const char* name) {
  const auto* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  std::string out = value == nullptr ? "" : value;
  ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
  return out;
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t out = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, out);
  if (text.empty() || fault != std::errc() || at != end) return std::nullopt;
  return out;
}

bool is_this_process(const std::string& pid) {
  return number(pid) == static_cast<std::uint64_t>(::getpid());
}

// "a:b" has two names; what is not named is "unknown", as systemd says itself.
std::string name_at(const std::string& names, std::size_t index) {
  std::size_t from = 0;
  for (; index > 0; --index) {
    const auto colon = names.find(':', from);
    if (colon == std::string::npos) return "unknown";
    from = colon + 1;
  }
  const auto name = names.substr(from, names.find(':', from) - from);
  return name.empty() ? "unknown" : name;
}

}  // namespace

std::vector<HandedSocket> take_handed_sockets() {
  const auto pid = take_variable("LISTEN_PID");
  const auto count = number(take_variable("LISTEN_FDS"));
  const auto names = take_variable("LISTEN_FDNAMES");
  std::vector<HandedSocket> out;
  if (!is_this_process(pid) || !count || *count > kHandedMax) return out;
  for (int i = 0; i < static_cast<int>(*count); ++i) {
    OwnedFd fd(kFirstHandedFd + i);
    if (::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) {
      (void)fd.release();  // it is not open: LISTEN_FDS is not true
      continue;
    }
    out.push_back({name_at(names, static_cast<std::size_t>(i)), std::move(fd)});
  }
  return out;
}

ServiceManager::ServiceManager() : socket_(take_variable("NOTIFY_SOCKET")) {
  const auto pid = take_variable("WATCHDOG_PID");
  const auto usec = number(take_variable("WATCHDOG_USEC"));
  if (!usec || *usec == 0 || (!pid.empty() && !is_this_process(pid))) return;
  watchdog_ = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::microseconds(static_cast<std::int64_t>(*usec)));
}

void ServiceManager::notify(std::string_view lines) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool abstract = socket_.starts_with('@');
  if ((!abstract && !socket_.starts_with('/')) || socket_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (abstract) address.sun_path[0] = '\0';
  const OwnedFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  (void)::sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&address), length);
}

}  // namespace certrelay
