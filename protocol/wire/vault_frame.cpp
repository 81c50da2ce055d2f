#include "protocol/wire/vault_frame.hpp"

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kRequestKind = 1;
constexpr std::uint8_t kRefusalsKind = 2;
constexpr std::uint8_t kAnswerKind = 65;
constexpr std::uint8_t kServingKind = 66;
constexpr std::size_t kTextMax = 4096;
constexpr int kStatusMin = 200;
constexpr int kStatusMax = 599;

Error bad_frame(std::string_view where) { return {ErrorCode::kMalformed, where}; }

// What both directions demand of a header list, however it came about.
Result<void> check_headers(const HttpHeaders& headers) {
  if (headers.size() > kFrameHeadersMax) return Error{ErrorCode::kLimitExceeded, "frame: headers"};
  std::size_t bytes = 0;
  for (const auto& header : headers) {
    if (!is_header_name(header.name)) return bad_frame("frame: header name");
    if (!is_header_value(header.value)) return bad_frame("frame: header value");
    bytes += header.name.size() + header.value.size();
    // RFC 6265 §3: the one header of ours that may be sent several times.
    if (header.name != "set-cookie" && !only_header(headers, header.name)) {
      return Error{ErrorCode::kDuplicateName, "frame: header twice"};
    }
  }
  if (bytes > kFrameHeaderBytesMax) return Error{ErrorCode::kLimitExceeded, "frame: header bytes"};
  return ok();
}

void write_headers(ByteWriter& out, const HttpHeaders& headers) {
  out.u8(static_cast<std::uint8_t>(headers.size()));
  for (const auto& header : headers) {
    out.short_text(header.name);
    out.short_text(header.value);
  }
}

Result<HttpHeaders> read_headers(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u8());
  if (count > kFrameHeadersMax) return Error{ErrorCode::kLimitExceeded, "frame: headers"};
  HttpHeaders headers;
  for (std::size_t i = 0; i < count; ++i) {
    CERTRELAY_TRY(const auto name, in.short_bytes(kTextMax));
    CERTRELAY_TRY(const auto value, in.short_bytes(kTextMax));
    headers.push_back({std::string(as_text(name)), std::string(as_text(value))});
  }
  CERTRELAY_TRY(check_headers(headers));
  return headers;
}

void write_body(ByteWriter& out, ByteView body) {
  out.u32(static_cast<std::uint32_t>(body.size()));
  out.raw(body);
}

Result<Bytes> read_body(ByteReader& in, std::size_t max) {
  CERTRELAY_TRY(const auto length, in.u32());
  if (length > max) return Error{ErrorCode::kLimitExceeded, "frame: body"};
  CERTRELAY_TRY(const auto bytes, in.raw(length));
  return Bytes(bytes.begin(), bytes.end());
}

Result<bool> read_flag(ByteReader& in) {
  CERTRELAY_TRY(const auto value, in.u8());
  if (value > 1) return bad_frame("frame: flag");
  return value == 1;
}

// A method that is not in the table has the text "unknown", which does not parse.
Result<HttpMethod> known(HttpMethod method) { return parse_http_method(to_text(method)); }
Result<Role> known(Role role) { return parse_role(to_text(role)); }

Result<void> write(ByteWriter& out, const RequestFrame& frame) {
  CERTRELAY_TRY(const auto role, known(frame.role));
  CERTRELAY_TRY(const auto method, known(frame.request.method));
  if (!is_http_path(frame.request.path)) return bad_frame("frame: path");
  if (frame.request.body.size() > kRequestBodyBytesMax) {
    return Error{ErrorCode::kLimitExceeded, "frame: body"};
  }
  CERTRELAY_TRY(check_headers(frame.request.headers));
  out.u8(kRequestKind);
  out.u64(frame.id);
  out.u8(static_cast<std::uint8_t>(role));
  out.short_text(frame.peer.text());
  out.u8(static_cast<std::uint8_t>(method));
  out.short_text(frame.request.path);
  write_headers(out, frame.request.headers);
  write_body(out, frame.request.body);
  return ok();
}

Result<FrontFrame> read_request(ByteReader& in) {
  CERTRELAY_TRY(const auto id, in.u64());
  CERTRELAY_TRY(const auto role_number, in.u8());
  CERTRELAY_TRY(const auto role, known(Role{role_number}));
  CERTRELAY_TRY(const auto peer_text, in.short_bytes(kTextMax));
  CERTRELAY_TRY(auto peer, PeerName::parse(as_text(peer_text)));
  CERTRELAY_TRY(const auto method_number, in.u8());
  CERTRELAY_TRY(const auto method, known(HttpMethod{method_number}));
  CERTRELAY_TRY(const auto path, in.short_bytes(kTextMax));
  if (!is_http_path(as_text(path))) return bad_frame("frame: path");
  CERTRELAY_TRY(auto headers, read_headers(in));
  CERTRELAY_TRY(auto body, read_body(in, kRequestBodyBytesMax));
  return RequestFrame{
      .id = id,
      .role = role,
      .peer = std::move(peer),
      .request = {method, std::string(as_text(path)), std::move(headers), std::move(body)}};
}

bool is_known(FrontRefusal reason) {
  return reason >= FrontRefusal::kHandshake && reason <= FrontRefusal::kTimeout;
}

Result<void> write(ByteWriter& out, const RefusalsFrame& frame) {
  if (!is_known(frame.reason)) return bad_frame("frame: refusal");
  out.u8(kRefusalsKind);
  out.u8(static_cast<std::uint8_t>(frame.reason));
  out.short_text(frame.peer ? frame.peer->text() : std::string_view{});
  out.u32(frame.count);
  return ok();
}

Result<FrontFrame> read_refusals(ByteReader& in) {
  RefusalsFrame frame;
  CERTRELAY_TRY(const auto reason, in.u8());
  frame.reason = FrontRefusal{reason};
  if (!is_known(frame.reason)) return bad_frame("frame: refusal");
  CERTRELAY_TRY(const auto peer_text, in.short_bytes(kTextMax));
  if (!peer_text.empty()) {
    CERTRELAY_TRY(auto peer, PeerName::parse(as_text(peer_text)));
    frame.peer = std::move(peer);
  }
  CERTRELAY_TRY(frame.count, in.u32());
  return frame;
}

Result<void> write(ByteWriter& out, const AnswerFrame& frame) {
  const auto& answer = frame.answer;
  if (answer.status < kStatusMin || answer.status > kStatusMax) return bad_frame("frame: status");
  if (answer.body.size() > kAnswerBodyBytesMax) {
    return Error{ErrorCode::kLimitExceeded, "frame: body"};
  }
  CERTRELAY_TRY(check_headers(answer.headers));
  out.u8(kAnswerKind);
  out.u64(frame.id);
  out.u8(frame.close ? 1 : 0);
  out.u16(static_cast<std::uint16_t>(answer.status));
  write_headers(out, answer.headers);
  write_body(out, answer.body);
  return ok();
}

Result<VaultFrame> read_answer(ByteReader& in) {
  AnswerFrame frame;
  CERTRELAY_TRY(frame.id, in.u64());
  CERTRELAY_TRY(frame.close, read_flag(in));
  CERTRELAY_TRY(const auto status, in.u16());
  if (status < kStatusMin || status > kStatusMax) return bad_frame("frame: status");
  frame.answer.status = status;
  CERTRELAY_TRY(frame.answer.headers, read_headers(in));
  CERTRELAY_TRY(frame.answer.body, read_body(in, kAnswerBodyBytesMax));
  return frame;
}

Result<void> write(ByteWriter& out, const ServingFrame& frame) {
  out.u8(kServingKind);
  out.u8(frame.serving ? 1 : 0);
  return ok();
}

Result<VaultFrame> read_serving(ByteReader& in) {
  ServingFrame frame;
  CERTRELAY_TRY(frame.serving, read_flag(in));
  return frame;
}

template <class Frame>
Result<Bytes> with_prefix(const Frame& frame) {
  ByteWriter out;
  out.u32(0);  // the length, known below
  CERTRELAY_TRY(std::visit([&](const auto& f) { return write(out, f); }, frame));
  const auto length = out.size() - kFramePrefixSize;
  CERTRELAY_CHECK(length <= kFrameBytesMax);
  auto bytes = std::move(out).take();
  for (std::size_t i = 0; i < kFramePrefixSize; ++i) {
    bytes[i] = static_cast<std::uint8_t>(length >> 8U * (kFramePrefixSize - 1 - i));
  }
  return bytes;
}

}  // namespace

Result<std::size_t> frame_length(ByteView prefix) {
  CERTRELAY_CHECK(prefix.size() == kFramePrefixSize);
  CERTRELAY_TRY(const auto length, ByteReader(prefix).u32());
  if (length == 0) return bad_frame("frame: empty");
  if (length > kFrameBytesMax) return Error{ErrorCode::kLimitExceeded, "frame: length"};
  return std::size_t{length};
}

Result<FrontFrame> decode_front_frame(ByteView frame) {
  ByteReader in(frame);
  CERTRELAY_TRY(const auto kind, in.u8());
  if (kind != kRequestKind && kind != kRefusalsKind) {
    return Error{ErrorCode::kUnknownFrame, "frame: kind"};
  }
  CERTRELAY_TRY(auto decoded, kind == kRequestKind ? read_request(in) : read_refusals(in));
  CERTRELAY_TRY(in.expect_end());
  return decoded;
}

Result<VaultFrame> decode_vault_frame(ByteView frame) {
  ByteReader in(frame);
  CERTRELAY_TRY(const auto kind, in.u8());
  if (kind != kAnswerKind && kind != kServingKind) {
    return Error{ErrorCode::kUnknownFrame, "frame: kind"};
  }
  CERTRELAY_TRY(auto decoded, kind == kAnswerKind ? read_answer(in) : read_serving(in));
  CERTRELAY_TRY(in.expect_end());
  return decoded;
}

Result<Bytes> encode(const FrontFrame& frame) { return with_prefix(frame); }
Result<Bytes> encode(const VaultFrame& frame) { return with_prefix(frame); }

}  // namespace certrelay
