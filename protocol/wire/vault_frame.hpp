// The frames between a front and the vault on their Unix stream socket; FORMAT.md "Vault frames".
//
// A frame is a u32 length and so many bytes; their first byte is the kind. The two directions have
// kinds of their own, so that a captured front cannot send what only the vault may say. Read four
// bytes, frame_length(), so many bytes, then the decoder of the direction. After any error the
// stream has no meaning left: close it.
#pragma once

#include <variant>

#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

inline constexpr std::size_t kFramePrefixSize = 4;
inline constexpr std::size_t kRequestBodyBytesMax = std::size_t{1024} * 1024;     // PATCH, a change
inline constexpr std::size_t kAnswerBodyBytesMax = std::size_t{2} * 1024 * 1024;  // one document
inline constexpr std::size_t kFrameHeadersMax = 32;
inline constexpr std::size_t kFrameHeaderBytesMax = std::size_t{16} * 1024;  // names and values
inline constexpr std::size_t kFrameBytesMax = kAnswerBodyBytesMax + std::size_t{20} * 1024;

// Front to vault, kind 1: one request. `id` is the front's own number, answered once; `peer` is the
// configured name that mutual TLS proved (R44). The vault compares `role` with its socket's.
struct RequestFrame {
  std::uint64_t id = 0;
  Role role = Role::kCenter;
  PeerName peer;
  HttpRequest request;
};

// Why a front refused by itself, before a transaction existed.
enum class FrontRefusal : std::uint8_t { kHandshake = 1, kGate = 2, kShed = 3, kTimeout = 4 };

// Front to vault, kind 2: so many refusals since the last report. Without a peer: all those that
// never authenticated.
struct RefusalsFrame {
  FrontRefusal reason = FrontRefusal::kGate;
  std::optional<PeerName> peer;
  std::uint32_t count = 0;
};

// Vault to front, kind 65: the answer to request `id`. `close`: end the connection after it.
struct AnswerFrame {
  std::uint64_t id = 0;
  bool close = false;
  HttpAnswer answer;
};

// Vault to front, kind 66: whether the listener may serve. The first frame after connecting, and
// again at each change. Until the start-up self-test has passed (INV-12) the center's is false,
// and connections are closed without a byte.
struct ServingFrame {
  bool serving = false;
};

using FrontFrame = std::variant<RequestFrame, RefusalsFrame>;
using VaultFrame = std::variant<AnswerFrame, ServingFrame>;

// The number of bytes that follow the prefix, 1 to kFrameBytesMax.
// Precondition: exactly kFramePrefixSize bytes (CHECK). Errors: kMalformed (0), kLimitExceeded.
Result<std::size_t> frame_length(ByteView prefix);

// One frame without its prefix, whole and nothing more.
// Errors: kUnknownFrame, kMalformed, kLimitExceeded, kTrailingBytes, kDuplicateName (a header
// twice; set-cookie may be).
Result<FrontFrame> decode_front_frame(ByteView frame);
Result<VaultFrame> decode_vault_frame(ByteView frame);

// Prefix and frame. Errors: as the decoders', whenever they would refuse the result.
Result<Bytes> encode(const FrontFrame& frame);
Result<Bytes> encode(const VaultFrame& frame);

}  // namespace certrelay
