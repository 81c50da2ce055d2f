#include "relay/front/socket_streams.hpp"

#include <openssl/err.h>

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "protocol/base/check.hpp"
#include "relay/front/await.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

constexpr std::size_t kDrainBytesMax = std::size_t{256} * 1024;

Error ended() {
  ERR_clear_error();
  return {ErrorCode::kConnectionEnded, "front: connection"};
}

template <class Stream>
awaitable<Result<std::size_t>> read_from(Stream& stream, std::span<std::uint8_t> out) {
  const auto [failed, size] =
      co_await stream.async_read_some(asio::buffer(out.data(), out.size()), kAwait);
  if (failed || size == 0) co_return ended();
  co_return size;
}

template <class Stream>
awaitable<Result<void>> write_to(Stream& stream, ByteView bytes) {
  const auto [failed, size] =
      co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), kAwait);
  if (failed || size != bytes.size()) co_return ended();
  co_return ok();
}

// Half-closes, then takes and forgets what still comes.
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

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}
  awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime) override { co_return std::nullopt; }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) override {
    return read_from(socket_, out);
  }
  awaitable<Result<void>> write_all(ByteView bytes) override { return write_to(socket_, bytes); }
  awaitable<Result<void>> finish() override { return drain(socket_); }
  void cancel() override { cancel_now(socket_); }
  void abort() override { close_now(socket_); }

 private:
  tcp::socket socket_;
};

class TlsSocketStream final : public ByteStream {
 public:
  TlsSocketStream(tcp::socket socket, const TlsServer& server)
      : context_(shared(server)), stream_(std::move(socket), context_) {}

  awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime now) override {
    judge_at(*stream_.native_handle(), now);
    const auto [failed] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (failed) {
      ERR_clear_error();
      co_return Error{ErrorCode::kHandshakeFailed, "front: handshake"};
    }
    CERTRELAY_CO_TRY(auto leaf, leaf_of(*stream_.native_handle()));
    co_return std::optional(std::move(leaf));
  }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) override {
    return read_from(stream_, out);
  }
  awaitable<Result<void>> write_all(ByteView bytes) override { return write_to(stream_, bytes); }
  awaitable<Result<void>> finish() override {
    // Its result says only how politely the peer leaves.
    static_cast<void>(co_await stream_.async_shutdown(kAwait));
    ERR_clear_error();
    co_return co_await drain(stream_.next_layer());
  }
  void cancel() override { cancel_now(stream_.next_layer()); }
  void abort() override { close_now(stream_.next_layer()); }

 private:
  // Asio frees what it is given; the server keeps its own reference.
  static SSL_CTX* shared(const TlsServer& server) {
    CERTRELAY_CHECK(SSL_CTX_up_ref(server.context()) == 1);
    return server.context();
  }
  asio::ssl::context context_;
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<ByteStream> plain_stream(tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<ByteStream> tls_stream(tcp::socket socket, const TlsServer& server) {
  return std::make_unique<TlsSocketStream>(std::move(socket), server);
}

}  // namespace certrelay
