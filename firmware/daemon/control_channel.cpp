#include "firmware/daemon/control_channel.hpp"

#include <sys/socket.h>

#include <algorithm>
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

namespace {

constexpr std::size_t kShort = 2;
constexpr std::size_t kLong = kShort + std::tuple_size_v<Digest>;

bool is_about_reload(ControlKind kind) {
  return kind == ControlKind::kReload || kind == ControlKind::kReloaded;
}

Result<void> send_packet(int socket, std::span<std::uint8_t> packet, int fd) {
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

}  // namespace

Result<void> send_control(int socket, ControlKind kind, Role role, int fd) {
  std::array<std::uint8_t, kShort> packet{static_cast<std::uint8_t>(kind),
                                          static_cast<std::uint8_t>(role)};
  return send_packet(socket, packet, fd);
}

Result<void> send_control(int socket, ControlKind kind, const Digest& configuration, int fd) {
  std::array<std::uint8_t, kLong> packet{static_cast<std::uint8_t>(kind),
                                         static_cast<std::uint8_t>(Role::kCenter)};
  std::ranges::copy(configuration, packet.begin() + kShort);
  return send_packet(socket, packet, fd);
}

Result<ControlMessage> receive_control(int socket) {
  std::array<std::uint8_t, kLong + 1> packet{};
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
  const auto kind = static_cast<ControlKind>(packet[0]);
  const bool known = packet[0] >= static_cast<std::uint8_t>(ControlKind::kLink) &&
                     packet[0] <= static_cast<std::uint8_t>(ControlKind::kReloaded);
  const bool role = packet[1] >= 1 && packet[1] <= 4;
  const auto wanted = static_cast<ssize_t>(is_about_reload(kind) ? kLong : kShort);
  const bool brings = kind == ControlKind::kLink || kind == ControlKind::kReload;
  const bool fits = kind == ControlKind::kFetch || brings == fd.valid();
  if (length != wanted || !known || !role || !fits) {
    return Error{ErrorCode::kMalformed, "control: message"};
  }
  ControlMessage out{kind, static_cast<Role>(packet[1]), std::move(fd)};
  if (is_about_reload(kind)) {
    std::copy_n(packet.begin() + kShort, out.configuration.size(), out.configuration.begin());
  }
  return out;
}

}  // namespace certrelay
