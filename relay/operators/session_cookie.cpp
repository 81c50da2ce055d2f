#include "relay/operators/session_cookie.hpp"

namespace certrelay {
namespace {

// The prefix: a browser takes it from this host alone, for its whole and over TLS (RFC 6265bis).
constexpr std::string_view kCookie = "__Host-certrelay=";
constexpr std::string_view kCookieRules = "; Path=/; Secure; HttpOnly; SameSite=Strict";

Result<SessionId> parse_session_id(std::string_view text) {
  const Error unknown{ErrorCode::kSessionUnknown, "session: cookie"};
  auto bytes = from_base64url(text);
  if (!bytes || bytes.value().size() != 32) return unknown;
  SessionId id(bytes.value());
  wipe(bytes.value());
  return id;
}

}  // namespace

Result<std::optional<SessionId>> session_in(const HttpHeaders& headers) {
  std::optional<SessionId> out;
  auto rest = only_header(headers, "cookie").value_or("");
  while (!rest.empty()) {
    const auto end = rest.find("; ");
    const auto one = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    if (!one.starts_with(kCookie)) continue;
    if (out) return Error{ErrorCode::kSessionUnknown, "session: two cookies"};
    CERTRELAY_TRY(auto id, parse_session_id(one.substr(kCookie.size())));
    out = std::move(id);
  }
  return out;
}

HttpHeader session_cookie(const SessionId& id) {
  return {"set-cookie",
          std::string(kCookie) + to_base64url(id.reveal()) + std::string(kCookieRules)};
}

HttpHeader ended_cookie() {
  return {"set-cookie", std::string(kCookie) + std::string(kCookieRules) + "; Max-Age=0"};
}

}  // namespace certrelay
