#include "tests/unit/front/vault_player.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "protocol/base/check.hpp"

namespace certrelay::testing {

VaultPlayer::VaultPlayer() {
  std::array<int, 2> ends{};
  CERTRELAY_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  fd_ = ends[0];
  front_fd_ = ends[1];
}

VaultPlayer::~VaultPlayer() { hang_up(); }

void VaultPlayer::send(const VaultFrame& frame) const { send_raw(encode(frame).value()); }

void VaultPlayer::send_raw(ByteView bytes) const {
  CERTRELAY_CHECK(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                  static_cast<ssize_t>(bytes.size()));
}

void VaultPlayer::take() {
  std::array<std::uint8_t, 65536> chunk;
  while (true) {
    const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got <= 0) break;
    buffer_.insert(buffer_.end(), chunk.begin(), chunk.begin() + got);
  }
  while (buffer_.size() >= kFramePrefixSize) {
    const std::size_t length = frame_length(ByteView(buffer_).first(kFramePrefixSize)).value();
    if (buffer_.size() < kFramePrefixSize + length) return;
    auto frame = decode_front_frame(ByteView(buffer_).subspan(kFramePrefixSize, length)).value();
    buffer_.erase(buffer_.begin(),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(kFramePrefixSize + length));
    if (auto* request = std::get_if<RequestFrame>(&frame)) {
      requests.push_back(std::move(*request));
    } else {
      refusals.push_back(std::get<RefusalsFrame>(frame));
    }
  }
}

void VaultPlayer::hang_up() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

AnswerFrame answer_to(const RequestFrame& request, std::string_view text) {
  return {.id = request.id,
          .close = false,
          .answer = {.status = 200,
                     .headers = {{"content-type", "text/plain"}},
                     .body = Bytes(text.begin(), text.end())}};
}

}  // namespace certrelay::testing
