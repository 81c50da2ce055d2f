// HTTP/1.1 over one kept-alive TLS connection: send a request, read one whole answer.
#pragma once

#include <optional>

#include "firmware/client/answer_head.hpp"
#include "firmware/client/tls_stream.hpp"

namespace certrelay {

struct HttpsLimits {
  std::chrono::milliseconds connect_ms{10'000};
  std::chrono::milliseconds answer_ms{30'000};  // from the request's first byte
  std::size_t body_bytes_max = std::size_t{2} * 1024 * 1024;
  // For tests of the relay: takes an answer in pieces of so many bytes with a pause after each.
  std::size_t read_bytes_max = std::size_t{2} * 1024 * 1024;
  std::chrono::milliseconds read_pause_ms{0};
};

// One thread at a time; cheap enough for hundreds of them side by side on one TlsContext.
class HttpsClient {
 public:
  // `context` and `clock` must outlive it.
  HttpsClient(const TlsContext& context, Address address, const Clock& clock,
              HttpsLimits limits = {})
      : context_(&context), address_(std::move(address)), clock_(&clock), limits_(limits) {}

  // Opens the connection unless one is open and idle. Errors: as TlsStream::connect.
  Result<void> connect();
  // The next exchange opens a new connection.
  void disconnect() { stream_.reset(); }

  // Sends once and never again by itself. After any error the connection is gone and the request
  // may or may not have been carried out. Errors: as TlsStream's, kAnswerMalformed, kLimitExceeded.
  Result<HttpAnswer> exchange(const HttpRequest& request);

  // Of all whole answers since this object was made, heads included.
  std::uint64_t answer_bytes() const { return answer_bytes_; }
  // Of the bodies under a status below 300 alone, those of answers that broke off included: what
  // was handed out, whatever became of the connection.
  std::uint64_t delivered_bytes() const { return delivered_bytes_; }

  // Sends and closes the connection without reading anything. Errors: as TlsStream's.
  Result<void> send_and_hang_up(const HttpRequest& request);

 private:
  Result<void> send(const HttpRequest& request, SteadyTime deadline);
  Result<HttpAnswer> send_and_read(const HttpRequest& request);
  // At most read_bytes_max, then the pause. Errors: as TlsStream::read_some.
  Result<std::size_t> read_piece(std::span<std::uint8_t> out, SteadyTime deadline);
  Result<std::string> read_head(Bytes& buffer, SteadyTime deadline);
  // What came with the head, and the rest.
  Result<void> read_body(Bytes& body, std::size_t size, bool delivered, SteadyTime deadline);
  std::string head_of(const HttpRequest& request) const;

  const TlsContext* context_;
  Address address_;
  const Clock* clock_;
  HttpsLimits limits_;
  std::optional<TlsStream> stream_;
  std::uint64_t answer_bytes_ = 0;
  std::uint64_t delivered_bytes_ = 0;
};

}  // namespace certrelay
