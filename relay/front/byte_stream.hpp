// A client's connection as its session sees it: bytes, with or without TLS below.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <span>

#include "relay/front/peers.hpp"

namespace certrelay {

// One thread, one operation at a time. After an error only abort() makes sense.
// Errors: kConnectionEnded, whatever the cause.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  // First of all. With TLS: the handshake, the client's certificate judged at `now`, and what it
  // says; without: nothing. Errors: kHandshakeFailed.
  virtual boost::asio::awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime now) = 0;
  // At least one byte, at most out.size().
  virtual boost::asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) = 0;
  // All of them. The view must live until this has returned.
  virtual boost::asio::awaitable<Result<void>> write_all(ByteView bytes) = 0;
  // Tells the peer that nothing more comes and reads on until it has ended too, so that our last
  // answer is not lost to a reset (RFC 9112 §9.6). The caller sets the deadline.
  virtual boost::asio::awaitable<Result<void>> finish() = 0;
  // An operation under way ends with an error. After a read that was cancelled the stream may still
  // be written to; after anything else only abort() makes sense.
  virtual void cancel() = 0;
  // Closes at once; an operation under way ends with an error.
  virtual void abort() = 0;
};

}  // namespace certrelay
