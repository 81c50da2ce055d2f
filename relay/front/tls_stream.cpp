// TLS over a socket, one call to the system a message: OpenSSL reads from and writes into two
// blocks of memory, and the socket fills the one and empties the other.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "protocol/base/check.hpp"
#include "relay/front/await.hpp"
#include "relay/front/socket_closing.hpp"
#include "relay/front/socket_streams.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

constexpr std::size_t kRecordBytesMax = std::size_t{16} * 1024;  // of plaintext, RFC 8446 §5.1
constexpr std::size_t kRecordExpansion = 256;                    // as much as RFC 8446 §5.2 allows
constexpr std::size_t kWriteBytesMax = std::size_t{16} * kRecordBytesMax;  // encrypted at once

// What OpenSSL has not read yet, and what it has written. Ciphertext alone.
struct Wire {
  std::array<std::uint8_t, kRecordBytesMax + 2 * kRecordExpansion> incoming;
  std::size_t begin = 0;
  std::size_t end = 0;
  Bytes outgoing{};
};

Wire& wire_of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int read_wire(BIO* bio, char* out, int size) {
  auto& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  const auto count = std::min(wire.end - wire.begin, static_cast<std::size_t>(std::max(size, 0)));
  if (count == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::memcpy(out, wire.incoming.data() + wire.begin, count);
  wire.begin += count;
  return static_cast<int>(count);
}

int write_wire(BIO* bio, const char* bytes, int size) {
  auto& out = wire_of(bio).outgoing;
  BIO_clear_retry_flags(bio);
  out.insert(out.end(), bytes, bytes + size);
  return size;
}

long control_wire(BIO* /*bio*/, int command, long /*number*/, void* /*argument*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* wire_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* const out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    CERTRELAY_CHECK(out != nullptr && BIO_meth_set_read(out, read_wire) == 1 &&
                    BIO_meth_set_write(out, write_wire) == 1 &&
                    BIO_meth_set_ctrl(out, control_wire) == 1);
    return out;
  }();
  return method;
}

struct FreeSsl {
  void operator()(SSL* connection) const { SSL_free(connection); }
};

Error connection_ended() {
  ERR_clear_error();
  return {ErrorCode::kConnectionEnded, "front: connection"};
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(tcp::socket socket, const TlsServer& server)
      : socket_(std::move(socket)), ssl_(SSL_new(server.context())) {
    BIO* const bio = BIO_new(wire_method());
    CERTRELAY_CHECK(ssl_ != nullptr && bio != nullptr);
    BIO_set_data(bio, &wire_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
    // Its buffers stay as long as the connection; a request must not stay in them.
    SSL_set_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
    SSL_set_accept_state(ssl_.get());
  }

  awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime now) override {
    judge_at(*ssl_, now);
    while (true) {
      ERR_clear_error();
      const int done = SSL_do_handshake(ssl_.get());
      const bool waits = done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ;
      // An alert that says why goes out too.
      auto moved = co_await send();
      if (moved && waits) moved = co_await receive();
      if (!moved || (done != 1 && !waits)) {
        co_return Error{ErrorCode::kHandshakeFailed, "front: handshake"};
      }
      if (done == 1) break;
    }
    CERTRELAY_CO_TRY(auto leaf, leaf_of(*ssl_));
    co_return std::optional(std::move(leaf));
  }

  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) override {
    while (true) {
      ERR_clear_error();
      std::size_t size = 0;
      const int done = SSL_read_ex(ssl_.get(), out.data(), out.size(), &size);
      const bool waits = done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ;
      // What TLS itself has to say: the answer to a key update, an alert.
      CERTRELAY_CO_TRY(co_await send());
      if (done == 1) co_return size;
      if (!waits) co_return connection_ended();
      CERTRELAY_CO_TRY(co_await receive());
    }
  }

  awaitable<Result<void>> write_all(ByteView bytes) override {
    while (!bytes.empty()) {
      const auto now = std::min(bytes.size(), kWriteBytesMax);
      wire_.outgoing.reserve(now + (now / kRecordBytesMax + 1) * kRecordExpansion);
      CERTRELAY_CO_TRY(encrypt(bytes.first(now)));
      CERTRELAY_CO_TRY(co_await send());
      bytes = bytes.subspan(now);
    }
    co_return ok();
  }

  awaitable<Result<void>> finish() override {
    ERR_clear_error();
    // Its result says only whether the peer has left too.
    static_cast<void>(SSL_shutdown(ssl_.get()));
    CERTRELAY_CO_TRY(co_await send());
    co_return co_await drain(socket_);
  }
  void cancel() override { cancel_now(socket_); }
  void abort() override { close_now(socket_); }

 private:
  Result<void> encrypt(ByteView bytes) {
    while (!bytes.empty()) {
      ERR_clear_error();
      std::size_t size = 0;
      if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size) != 1) {
        return connection_ended();
      }
      bytes = bytes.subspan(size);
    }
    return ok();
  }

  // All that OpenSSL has written. The block is given back: an answer's is larger than all else that
  // a connection holds.
  awaitable<Result<void>> send() {
    if (wire_.outgoing.empty()) co_return ok();
    const auto bytes = std::exchange(wire_.outgoing, {});
    const auto [failed, size] = co_await asio::async_write(socket_, asio::buffer(bytes), kAwait);
    if (failed || size != bytes.size()) co_return connection_ended();
    co_return ok();
  }

  // At least one byte more; OpenSSL has read what came before.
  awaitable<Result<void>> receive() {
    const auto [failed, size] =
        co_await socket_.async_read_some(asio::buffer(wire_.incoming), kAwait);
    if (failed || size == 0) co_return connection_ended();
    wire_.begin = 0;
    wire_.end = size;
    co_return ok();
  }

  tcp::socket socket_;
  Wire wire_;
  std::unique_ptr<SSL, FreeSsl> ssl_;  // dies before the wire, which it points into
};

}  // namespace

std::unique_ptr<ByteStream> tls_stream(tcp::socket socket, const TlsServer& server) {
  return std::make_unique<TlsStream>(std::move(socket), server);
}

}  // namespace certrelay
