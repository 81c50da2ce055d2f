#include "firmware/daemon/listening_sockets.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/service/service_manager.hpp"

namespace certrelay {
namespace {

constexpr int kBacklog = 1024;

struct FreeAddress {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

[[noreturn]] void refuse(const ListenerSection& listener, int error) {
  const std::string key = "listen." + std::string(to_text(listener.role));
  const std::string what = key + " " + listener.host + ":" + std::to_string(listener.port);
  if (error == EADDRINUSE) {
    throw StartFailure(what + " is taken",
                       "stop the program that holds the port, or choose another port");
  }
  if (error == EACCES) {
    throw StartFailure(what + " is not permitted", "choose a port above 1023 or start by systemd");
  }
  throw StartFailure(what + " cannot be opened (" + std::strerror(error) + ")",
                     "name an address of this machine");
}

std::string address_of(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(fd, address, &length) != 0 ||
      ::getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    throw StartFailure("a listening socket has no address", "check the socket units");
  }
  const std::string name(host.data());
  const bool v6 = name.find(':') != std::string::npos;
  return (v6 ? "[" + name + "]" : name) + ":" + port.data();
}

OwnedFd bind_one(const ListenerSection& listener) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto port = std::to_string(listener.port);
  if (::getaddrinfo(listener.host.c_str(), port.c_str(), &hints, &found) != 0) {
    refuse(listener, EADDRNOTAVAIL);
  }
  const std::unique_ptr<addrinfo, FreeAddress> address(found);
  OwnedFd fd(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!fd.valid() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), address->ai_addr, address->ai_addrlen) != 0 ||
      ::listen(fd.get(), kBacklog) != 0) {
    refuse(listener, errno);
  }
  return fd;
}

// The descriptors that systemd handed over, by role; they are ours from here on.
std::vector<ListeningSocket> take_from_systemd() {
  std::vector<ListeningSocket> out;
  for (auto& handed : take_handed_sockets()) {
    const auto role = parse_role(handed.name);
    if (!role) {
      throw StartFailure("systemd handed over a socket named '" + handed.name + "'",
                         "set FileDescriptorName= to center, registry, admin or monitoring");
    }
    auto address = address_of(handed.fd.get());
    out.push_back({role.value(), std::move(handed.fd), std::move(address)});
  }
  return out;
}

}  // namespace

std::vector<ListeningSocket> open_listening_sockets(const Config& config) {
  auto out = take_from_systemd();
  for (const auto& listener : config.listeners) {
    const auto same = [&](const ListeningSocket& held) { return held.role == listener.role; };
    if (std::any_of(out.begin(), out.end(), same)) continue;
    auto fd = bind_one(listener);
    auto address = address_of(fd.get());
    out.push_back({listener.role, std::move(fd), std::move(address)});
  }
  return out;
}

}  // namespace certrelay
