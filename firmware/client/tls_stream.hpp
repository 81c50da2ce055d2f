// One TLS connection, blocking with a deadline at every wait. One thread at a time.
#pragma once

#include <memory>

#include "firmware/client/address.hpp"
#include "firmware/client/tls_context.hpp"
#include "protocol/base/bytes.hpp"
#include "relay/env/clock.hpp"

struct ssl_st;

namespace certrelay {

class TlsStream {
 public:
  // Connects, shakes hands and checks chain and name. `context` and `clock` must outlive it.
  // Errors: kCannotReach (nothing accepts there), kTlsFailed, kConnectionBroken, kDeadlinePassed.
  // With TLS 1.3 a server refuses our certificate only after this returned: the first read says so.
  static Result<TlsStream> connect(const TlsContext& context, const Address& address,
                                   const Clock& clock, SteadyTime deadline);

  TlsStream(TlsStream&&) noexcept = default;
  TlsStream& operator=(TlsStream&&) noexcept = default;
  ~TlsStream() = default;

  // Errors of both: kConnectionBroken, kTlsFailed, kDeadlinePassed; the stream is then of no use.
  Result<void> write_all(ByteView bytes, SteadyTime deadline);
  // At least one byte; the peer's orderly end is kConnectionBroken.
  Result<std::size_t> read_some(std::span<std::uint8_t> out, SteadyTime deadline);

  // True while the peer has neither closed nor sent anything: fit for another request.
  bool is_idle() const;

 private:
  struct Close {
    void operator()(ssl_st* tls) const;
  };
  class Socket {
   public:
    explicit Socket(int fd) : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();
    int fd() const { return fd_; }

   private:
    int fd_;
  };

  TlsStream(Socket socket, std::unique_ptr<ssl_st, Close> tls, const Clock& clock)
      : socket_(std::move(socket)), tls_(std::move(tls)), clock_(&clock) {}

  static Result<Socket> open_socket(const Address& address, const Clock& clock,
                                    SteadyTime deadline);
  static Result<void> wait(int fd, short events, const Clock& clock, SteadyTime deadline);
  Result<void> shake_hands(SteadyTime deadline);
  // After a TLS call returned `result` <= 0: waits for what it needs, or says why it failed.
  Result<void> continue_after(int result, SteadyTime deadline);

  Socket socket_;
  std::unique_ptr<ssl_st, Close> tls_;
  const Clock* clock_;
};

}  // namespace certrelay
