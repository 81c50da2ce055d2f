#include "firmware/client/tls_stream.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace certrelay {
namespace {

constexpr Error kBroken{ErrorCode::kConnectionBroken, "connection"};
constexpr Error kLate{ErrorCode::kDeadlinePassed, "connection"};

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList resolve(const Address& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found) != 0) {
    found = nullptr;
  }
  return {found, freeaddrinfo};
}

}  // namespace

TlsStream::Socket& TlsStream::Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

TlsStream::Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

void TlsStream::Close::operator()(ssl_st* tls) const {
  // close_notify if it fits into the socket's buffer; nobody waits for the peer's.
  ERR_clear_error();
  if (SSL_is_init_finished(tls) == 1) SSL_shutdown(tls);
  SSL_free(tls);
  ERR_clear_error();
}

Result<void> TlsStream::wait(int fd, short events, const Clock& clock, SteadyTime deadline) {
  while (true) {
    const auto left = (deadline - clock.steady_now()).count();
    if (left <= 0) return kLate;
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
    if (ready > 0) return ok();
    if (ready < 0 && errno != EINTR) return kBroken;
  }
}

Result<TlsStream::Socket> TlsStream::open_socket(const Address& address, const Clock& clock,
                                                 SteadyTime deadline) {
  const AddressList found = resolve(address);
  for (const addrinfo* at = found.get(); at != nullptr; at = at->ai_next) {
    Socket socket(::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0) return Error{ErrorCode::kCannotReach, "no socket left"};
    const int on = 1;
    ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket.fd(), at->ai_addr, at->ai_addrlen) != 0) {
      if (errno != EINPROGRESS) continue;
      CERTRELAY_TRY(wait(socket.fd(), POLLOUT, clock, deadline));
      int reason = 0;
      socklen_t size = sizeof reason;
      if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &reason, &size) != 0 || reason != 0) {
        continue;
      }
    }
    return socket;
  }
  return Error{ErrorCode::kCannotReach, "nothing accepts connections there"};
}

Result<TlsStream> TlsStream::connect(const TlsContext& context, const Address& address,
                                     const Clock& clock, SteadyTime deadline) {
  CERTRELAY_TRY(Socket socket, open_socket(address, clock, deadline));
  ERR_clear_error();
  std::unique_ptr<ssl_st, Close> tls(SSL_new(context.get()));
  if (tls == nullptr || SSL_set_fd(tls.get(), socket.fd()) != 1 ||
      SSL_set_tlsext_host_name(tls.get(), context.server_name().c_str()) != 1) {
    return Error{ErrorCode::kInternal, "TLS connection"};
  }
  TlsStream stream(std::move(socket), std::move(tls), clock);
  CERTRELAY_TRY(stream.shake_hands(deadline));
  return stream;
}

Result<void> TlsStream::shake_hands(SteadyTime deadline) {
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(tls_.get());
    if (result == 1) break;
    CERTRELAY_TRY(continue_after(result, deadline));
  }
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
  if (as_text({chosen, size}) != "http/1.1") {
    return Error{ErrorCode::kTlsFailed, "the server does not speak http/1.1"};
  }
  return ok();
}

Result<void> TlsStream::continue_after(int result, SteadyTime deadline) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(socket_.fd(), POLLIN, *clock_, deadline);
    case SSL_ERROR_WANT_WRITE:
      return wait(socket_.fd(), POLLOUT, *clock_, deadline);
    case SSL_ERROR_SSL:
      break;
    default:
      return kBroken;
  }
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return kBroken;
  if (SSL_get_verify_result(tls_.get()) != X509_V_OK) {
    return Error{ErrorCode::kTlsFailed, "the server's certificate is not the expected one"};
  }
  return Error{ErrorCode::kTlsFailed, "TLS refused by the server, or its record is damaged"};
}

Result<void> TlsStream::write_all(ByteView bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
    if (result == 1) {
      bytes = bytes.subspan(written);
      continue;
    }
    CERTRELAY_TRY(continue_after(result, deadline));
  }
  return ok();
}

Result<std::size_t> TlsStream::read_some(std::span<std::uint8_t> out, SteadyTime deadline) {
  while (true) {
    ERR_clear_error();
    std::size_t read = 0;
    const int result = SSL_read_ex(tls_.get(), out.data(), out.size(), &read);
    if (result == 1) return read;
    CERTRELAY_TRY(continue_after(result, deadline));
  }
}

bool TlsStream::is_idle() const {
  pollfd one{socket_.fd(), POLLIN, 0};
  return SSL_pending(tls_.get()) == 0 && ::poll(&one, 1, 0) == 0;
}

}  // namespace certrelay
