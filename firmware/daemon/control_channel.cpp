#include "firmware/daemon/control_channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cstring>

namespace certrelay {
namespace {

Result<ControlPair> make_pair_of(int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error{ErrorCode::kInternal, "control: socketpair"};
  }
  return ControlPair{OwnedFd(ends[0]), OwnedFd(ends[1])};
}

// Room for exactly one descriptor beside a packet.
union Ancillary {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

}  // namespace

Result<ControlPair> make_control_pair() { return make_pair_of(SOCK_SEQPACKET); }
Result<ControlPair> make_link_pair() { return make_pair_of(SOCK_STREAM); }

Result<void> send_control(int socket, ControlKind kind, Role role, int fd) {
  std::array<std::uint8_t, 2> packet{static_cast<std::uint8_t>(kind),
                                     static_cast<std::uint8_t>(role)};
  iovec part{packet.data(), packet.size()};
  Ancillary beside{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = beside.bytes.data();
    message.msg_controllen = beside.bytes.size();
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  if (::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) !=
      static_cast<ssize_t>(packet.size())) {
    return Error{ErrorCode::kChannelClosed, "control: send"};
  }
  return ok();
}

Result<ControlMessage> receive_control(int socket) {
  std::array<std::uint8_t, 3> packet{};
  iovec part{packet.data(), packet.size()};
  Ancillary beside{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = beside.bytes.data();
  message.msg_controllen = beside.bytes.size();
  const auto length = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (length <= 0) return Error{ErrorCode::kChannelClosed, "control: closed"};
  OwnedFd fd;
  const auto* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int))) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    fd = OwnedFd(received);
  }
  const bool known = packet[0] >= static_cast<std::uint8_t>(ControlKind::kLink) &&
                     packet[0] <= static_cast<std::uint8_t>(ControlKind::kTested);
  const bool role = packet[1] >= 1 && packet[1] <= 4;
  const auto kind = static_cast<ControlKind>(packet[0]);
  const bool fits = kind == ControlKind::kFetch || (kind == ControlKind::kLink) == fd.valid();
  if (length != 2 || !known || !role || !fits) {
    return Error{ErrorCode::kMalformed, "control: message"};
  }
  return ControlMessage{kind, static_cast<Role>(packet[1]), std::move(fd)};
}

}  // namespace certrelay
