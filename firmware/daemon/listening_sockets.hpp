#pragma once

#include <vector>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/owned_fd.hpp"

namespace certrelay {

// A bound and listening TCP socket, and the address that others reach it by.
struct ListeningSocket {
  Role role;
  OwnedFd fd;
  std::string address;  // host:port, IPv6 in brackets; the real port where 0 was asked for
};

// Takes the sockets that systemd hands over (sd_listen_fds(3), FileDescriptorName = the role), and
// binds the rest. All or none. Throws StartFailure: port taken, no such address, no right.
std::vector<ListeningSocket> open_listening_sockets(const Config& config);

}  // namespace certrelay
