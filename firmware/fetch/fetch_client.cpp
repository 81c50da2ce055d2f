#include "firmware/fetch/fetch_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "firmware/fetch/fetch_server.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

const Error kNoAnswer{ErrorCode::kOcspNoAnswer, "fetch: no answer"};
constexpr std::size_t kAnswerHeadBytes = 5;

// A socket that does not block, and until when it is waited for.
class Line {
 public:
  Line(OwnedFd fd, Clock& clock, SteadyTime deadline)
      : fd_(std::move(fd)), clock_(clock), deadline_(deadline) {}

  bool send_all(ByteView bytes) {
    return move(bytes.size(), POLLOUT, [&](std::size_t at) {
      return ::send(fd_.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    });
  }
  bool read_all(std::span<std::uint8_t> bytes) {
    return move(bytes.size(), POLLIN, [&](std::size_t at) {
      const auto got = ::recv(fd_.get(), bytes.data() + at, bytes.size() - at, 0);
      if (got == 0) errno = ECONNRESET;  // an end is no answer
      return got == 0 ? -1 : got;
    });
  }

 private:
  template <class Step>
  bool move(std::size_t size, short events, Step step) {
    for (std::size_t done = 0; done < size;) {
      const auto moved = step(done);
      if (moved > 0) {
        done += static_cast<std::size_t>(moved);
      } else if ((errno != EAGAIN && errno != EINTR) || !wait(events)) {
        return false;
      }
    }
    return true;
  }
  bool wait(short events) {
    const auto left = (deadline_ - clock_.steady_now()).count();
    if (left <= 0) return false;
    pollfd one{fd_.get(), events, 0};
    return ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000))) > 0;
  }

  OwnedFd fd_;
  Clock& clock_;
  SteadyTime deadline_;
};

}  // namespace

OwnedFd connect_fetch(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  OwnedFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid() ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return fd;
}

Result<Bytes> FetchClient::exchange_now(std::size_t address, const Bytes& request,
                                        SteadyTime deadline) const {
  if (request.empty() || request.size() > kFetchBytesMax || address > 0xFF) return kNoAnswer;
  auto fd = connect_(deadline);
  if (!fd.valid()) return kNoAnswer;
  Line line(std::move(fd), clock_, deadline);
  Bytes out{static_cast<std::uint8_t>(address), 0, 0,
            static_cast<std::uint8_t>(request.size() >> 8),
            static_cast<std::uint8_t>(request.size() & 0xFF)};
  out.insert(out.end(), request.begin(), request.end());
  Bytes head(kAnswerHeadBytes);
  if (!line.send_all(out) || !line.read_all(head)) return kNoAnswer;
  const std::size_t size = std::size_t{head[1]} << 24U | std::size_t{head[2]} << 16U |
                           std::size_t{head[3]} << 8U | std::size_t{head[4]};
  if (head[0] != 0 || size == 0 || size > kFetchBytesMax) return kNoAnswer;
  Bytes body(size);
  if (!line.read_all(body)) return kNoAnswer;
  return body;
}

asio::awaitable<Result<Bytes>> FetchClient::exchange(std::size_t address, Bytes request,
                                                     SteadyTime deadline) {
  Result<Bytes> out = kNoAnswer;
  // Named: g++ 12 destroys a capturing temporary of a co_await twice. Awaited here, so that what it
  // refers to lives.
  auto work = [&]() -> asio::awaitable<void> {
    out = exchange_now(address, request, deadline);
    co_return;
  };
  co_await asio::co_spawn(threads_, work, asio::use_awaitable);
  co_return out;
}

}  // namespace certrelay
