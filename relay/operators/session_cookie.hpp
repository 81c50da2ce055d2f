// How a browser carries a session: one cookie that no script reads and no other site sends.
#pragma once

#include <optional>

#include "protocol/wire/http_types.hpp"
#include "relay/operators/session_table.hpp"

namespace certrelay {

// The header in which a call that changes something repeats the session's token.
inline constexpr std::string_view kCsrfHeader = "certrelay-csrf-token";

// None when there is no such cookie. Errors: kSessionUnknown (two of them, or another form).
Result<std::optional<SessionId>> session_in(const HttpHeaders& headers);
// set-cookie that begins a session, and the one that ends it.
HttpHeader session_cookie(const SessionId& id);
HttpHeader ended_cookie();

}  // namespace certrelay
