#include "relay/front/socket_streams.hpp"

#include <array>
#include <boost/asio/write.hpp>

#include "relay/front/await.hpp"
#include "relay/front/socket_closing.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

constexpr std::size_t kDrainBytesMax = std::size_t{256} * 1024;

Error ended() { return {ErrorCode::kConnectionEnded, "front: connection"}; }

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}
  awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime) override { co_return std::nullopt; }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) override {
    const auto [failed, size] =
        co_await socket_.async_read_some(asio::buffer(out.data(), out.size()), kAwait);
    if (failed || size == 0) co_return ended();
    co_return size;
  }
  awaitable<Result<void>> write_all(ByteView bytes) override {
    const auto [failed, size] =
        co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), kAwait);
    if (failed || size != bytes.size()) co_return ended();
    co_return ok();
  }
  awaitable<Result<void>> finish() override { return drain(socket_); }
  void cancel() override { cancel_now(socket_); }
  void abort() override { close_now(socket_); }

 private:
  tcp::socket socket_;
};

}  // namespace

awaitable<Result<void>> drain(tcp::socket& socket) {
  boost::system::error_code failed;
  socket.shutdown(tcp::socket::shutdown_send, failed);
  if (failed) co_return ended();
  std::array<std::uint8_t, 4096> rest;
  for (std::size_t total = 0; total < kDrainBytesMax;) {
    const auto [error, size] = co_await socket.async_read_some(asio::buffer(rest), kAwait);
    if (error) break;
    total += size;
  }
  co_return ok();
}

void cancel_now(tcp::socket& socket) {
  boost::system::error_code already_closed;
  socket.cancel(already_closed);
}

void close_now(tcp::socket& socket) {
  boost::system::error_code already_closed;
  socket.close(already_closed);
}

std::unique_ptr<ByteStream> plain_stream(tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace certrelay
