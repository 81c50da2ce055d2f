#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

// Content-Digest (RFC 9530) in the only form we speak: `sha-256=:` base64 `:`, one digest, no other
// algorithm, no parameter, no white space. Also the form of `inquiry_digest`.
std::string format_content_digest(const Digest& digest);
// Errors: kMalformed.
Result<Digest> parse_content_digest(std::string_view value);

// The body's digest, after the one Content-Digest header agreed with it. An empty body of a call
// without one needs no header: ask only where a body belongs.
// Errors: kDigestMissing (absent or twice), kMalformed, kDigestMismatch.
Result<Digest> check_content_digest(const HttpHeaders& headers, ByteView body);

}  // namespace certrelay
