#include "relay/front/gate.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace certrelay {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::size_t kLengthDigitsMax = 10;
constexpr std::size_t kHostMax = 255;

Error refuse(ErrorCode code, std::string_view where) { return {code, where}; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}

// Before any structure: only visible ASCII, spaces and CRLF pairs. White space at the start of a
// line is looked at later, so that a folded header is told by its own reason.
Result<void> check_bytes(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '\r') {
      if (i + 1 == head.size() || head[i + 1] != '\n') {
        return refuse(ErrorCode::kGateLineBreak, "gate: CR without LF");
      }
      ++i;
    } else if (c == '\n') {
      return refuse(ErrorCode::kGateLineBreak, "gate: LF without CR");
    } else if (c == '\t' && i != 0 && head[i - 1] == '\n') {
      return refuse(ErrorCode::kGateFoldedHeader, "gate: folded header");
    } else if (c != ' ' && !is_visible(c)) {
      return refuse(ErrorCode::kGateByte, "gate: byte outside visible ASCII");
    }
  }
  return ok();
}

// Takes one line off `rest`, which has only CRLF pairs and ends with one.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

Result<void> read_request_line(std::string_view line, GateHead& out) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || first == 0) {
    return refuse(ErrorCode::kGateRequestLine, "gate: request line");
  }
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.find(' ') != std::string_view::npos) {
    return refuse(ErrorCode::kGateRequestLine, "gate: request line");
  }
  if (line.substr(last + 1) != "HTTP/1.1") return refuse(ErrorCode::kGateVersion, "gate: version");
  const auto method = parse_http_method(line.substr(0, first));
  if (!method) return refuse(ErrorCode::kGateMethod, "gate: method");
  if (!is_plain_path(target)) return refuse(ErrorCode::kGateTarget, "gate: target");
  out.method = method.value();
  out.path = std::string(target);
  return ok();
}

// host or host:port of a name, an IPv4 address or a bracketed IPv6 address (RFC 3986 §3.2.2): the
// characters alone, since nothing is chosen by them.
bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= kHostMax && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
}

// What the gate itself reads, besides the forwarded headers.
struct Framing {
  bool host = false;
  bool connection = false;
  std::optional<std::size_t> length;
};

Result<void> read_length(std::string_view value, const GateRules& rules, Framing& framing) {
  if (framing.length) return refuse(ErrorCode::kGateLengthTwice, "gate: Content-Length twice");
  const bool plain = !value.empty() && std::ranges::all_of(value, is_digit) &&
                     (value.size() == 1 || value[0] != '0');
  if (!plain) return refuse(ErrorCode::kGateLengthForm, "gate: Content-Length");
  std::uint64_t length = 0;
  if (value.size() <= kLengthDigitsMax) {
    std::from_chars(value.data(), value.data() + value.size(), length);
  }
  if (value.size() > kLengthDigitsMax || length > rules.body_bytes_max) {
    return refuse(ErrorCode::kGateBodyTooLarge, "gate: body limit");
  }
  framing.length = static_cast<std::size_t>(length);
  return ok();
}

Result<void> read_host(std::string_view value, Framing& framing) {
  if (framing.host) return refuse(ErrorCode::kGateHostTwice, "gate: Host twice");
  if (!is_host(value)) return refuse(ErrorCode::kGateHostForm, "gate: Host");
  framing.host = true;
  return ok();
}

Result<void> read_connection(std::string_view value, Framing& framing, GateHead& out) {
  if (framing.connection) return refuse(ErrorCode::kGateHeaderTwice, "gate: Connection twice");
  const std::string wish = lower(value);
  if (wish != "keep-alive" && wish != "close") {
    return refuse(ErrorCode::kGateConnection, "gate: Connection");
  }
  framing.connection = true;
  out.close = wish == "close";
  return ok();
}

// Name and value of one line; the name lower case.
Result<HttpHeader> split_header(std::string_view line) {
  if (line.starts_with(' ')) return refuse(ErrorCode::kGateFoldedHeader, "gate: folded header");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return refuse(ErrorCode::kGateHeaderName, "gate: no colon");
  }
  std::string name = lower(line.substr(0, colon));
  // White space before the colon fails here too (RFC 9112 §5.1).
  if (!is_header_name(name)) return refuse(ErrorCode::kGateHeaderName, "gate: header name");
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (!is_header_value(value)) {
    return refuse(
        name == "content-length" ? ErrorCode::kGateLengthForm : ErrorCode::kGateHeaderValue,
        "gate: header value");
  }
  return HttpHeader{std::move(name), std::string(value)};
}

Result<void> read_header(HttpHeader header, const GateRules& rules, Framing& framing,
                         GateHead& out) {
  const std::string_view name = header.name;
  if (name == "host") return read_host(header.value, framing);
  if (name == "content-length") return read_length(header.value, rules, framing);
  if (name == "connection") return read_connection(header.value, framing, out);
  if (name == "transfer-encoding") {
    return refuse(ErrorCode::kGateTransferEncoding, "gate: Transfer-Encoding");
  }
  if (name == "expect") return refuse(ErrorCode::kGateExpect, "gate: Expect");
  if (name == "upgrade") return refuse(ErrorCode::kGateUpgrade, "gate: Upgrade");
  if (name == "content-encoding" || name == "trailer") {
    return refuse(ErrorCode::kGateContentCoding, "gate: coded content");
  }
  if (std::ranges::find(rules.forwarded, name) == rules.forwarded.end()) return ok();
  const bool twice =
      std::ranges::any_of(out.headers, [&](const HttpHeader& h) { return h.name == name; });
  if (twice) return refuse(ErrorCode::kGateHeaderTwice, "gate: header twice");
  out.headers.push_back(std::move(header));
  return ok();
}

bool has_body(HttpMethod method) {
  return method == HttpMethod::kPost || method == HttpMethod::kPatch;
}

Result<void> check_framing(const Framing& framing, GateHead& out) {
  if (!framing.host) return refuse(ErrorCode::kGateHostMissing, "gate: no Host");
  if (has_body(out.method) && !framing.length) {
    return refuse(ErrorCode::kGateLengthMissing, "gate: no Content-Length");
  }
  if (!has_body(out.method) && framing.length) {
    return refuse(ErrorCode::kGateLengthUnexpected, "gate: Content-Length without a body");
  }
  out.content_length = framing.length.value_or(0);
  return ok();
}

}  // namespace

bool is_plain_path(std::string_view text) {
  if (!is_http_path(text)) return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    const std::size_t end = text.find('/');
    const std::string_view segment = text.substr(0, end);
    const bool plain = std::ranges::all_of(segment, [](char c) {
      return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '~' || c == '-';
    });
    if (!plain || segment.empty() || segment == "." || segment == "..") return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

Result<std::optional<std::size_t>> find_head_end(std::string_view received,
                                                 const GateRules& rules) {
  const std::string_view within = received.substr(0, rules.head_bytes_max);
  const std::size_t at = within.find(kEndOfHead);
  const std::string_view seen =
      at == std::string_view::npos ? within : within.substr(0, at + kEndOfHead.size());
  for (std::size_t lf = seen.find('\n'); lf != std::string_view::npos;
       lf = seen.find('\n', lf + 1)) {
    if (lf == 0 || seen[lf - 1] != '\r') {
      return refuse(ErrorCode::kGateLineBreak, "gate: LF without CR");
    }
  }
  if (at != std::string_view::npos) return std::optional(seen.size());
  if (received.size() >= rules.head_bytes_max) {
    return refuse(ErrorCode::kGateHeadTooLarge, "gate: head limit");
  }
  return std::optional<std::size_t>();
}

Result<GateHead> check_head(std::string_view raw_head, const GateRules& rules) {
  if (raw_head.size() > rules.head_bytes_max) {
    return refuse(ErrorCode::kGateHeadTooLarge, "gate: head limit");
  }
  CERTRELAY_TRY(check_bytes(raw_head));
  if (raw_head.find(kEndOfHead) != raw_head.size() - kEndOfHead.size() ||
      raw_head.size() < kEndOfHead.size()) {
    return refuse(ErrorCode::kGateHeadIncomplete, "gate: end of head");
  }
  std::string_view rest = raw_head;
  GateHead out;
  CERTRELAY_TRY(read_request_line(next_line(rest), out));
  Framing framing;
  for (auto line = next_line(rest); !line.empty(); line = next_line(rest)) {
    CERTRELAY_TRY(auto header, split_header(line));
    CERTRELAY_TRY(read_header(std::move(header), rules, framing, out));
  }
  CERTRELAY_TRY(check_framing(framing, out));
  return out;
}

int status_of_refusal(ErrorCode code) {
  switch (code) {
    case ErrorCode::kGateHeadTooLarge:
    case ErrorCode::kGateBodyTooLarge:
      return 413;
    case ErrorCode::kGateHeadTimeout:
    case ErrorCode::kGateBodyTimeout:
      return 408;
    case ErrorCode::kVaultOverloaded:
    case ErrorCode::kVaultNotServing:
    case ErrorCode::kVaultSilent:
    case ErrorCode::kAnswerNotAllowed:
      return 503;
    default:
      return 400;
  }
}

}  // namespace certrelay
