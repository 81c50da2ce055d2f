// What the parent and a child say to each other: a SOCK_SEQPACKET pair, one packet a message, and
// with some one descriptor beside it (SCM_RIGHTS). The end of the stream means the other is gone.
// A packet is the kind, the role and, for the two about a reload, the configuration's 32 bytes.
#pragma once

#include <chrono>
#include <optional>

#include "firmware/daemon/owned_fd.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

inline constexpr std::chrono::seconds kAlivePeriod{5};

enum class ControlKind : std::uint8_t {
  kLink = 1,   // parent to child: a connected stream socket to the process of the other side
  kReady = 2,  // child to parent: started completely
  // The vault to its parent: it wants a connection to certrelay-fetch, which it may not open
  // itself. Back: that connection, or no descriptor where nobody answers.
  kFetch = 3,
  kAlive = 4,   // child to parent, every kAlivePeriod: its sockets' thread still runs
  kTested = 5,  // the vault to its parent: the self-test has passed, the center is served
  // Parent to vault: read again what a reload takes, the configuration's text being beside it: the
  // vault may not look for a file that somebody has put in the place of the old one.
  kReload = 6,
  // Child to parent: the vault, that the reload was done with and which configuration is in force;
  // a front, what it runs on (front_identity()).
  kReloaded = 7,
};

struct ControlMessage {
  ControlKind kind;
  Role role;               // of the front that the link belongs to; kCenter where it says nothing
  OwnedFd fd;              // with kLink, kReload, kFetch
  Digest configuration{};  // with kReload and kReloaded
};

struct ControlPair {
  OwnedFd parent;
  OwnedFd child;
};

// Both close on exec. Errors: kInternal.
Result<ControlPair> make_control_pair();
// A connected pair of stream sockets for one front and the vault. Errors: kInternal.
Result<ControlPair> make_link_pair();

// Errors: kChannelClosed when the other side is gone or its buffer is full.
Result<void> send_control(int socket, ControlKind kind, Role role, int fd = -1);
// kReload or kReloaded. Errors: as above.
Result<void> send_control(int socket, ControlKind kind, const Digest& configuration, int fd = -1);

// Takes one message that is already there. Errors: kChannelClosed, kMalformed.
Result<ControlMessage> receive_control(int socket);

}  // namespace certrelay
