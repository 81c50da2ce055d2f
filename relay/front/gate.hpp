// The HTTP gate: a pure function over the bytes of a request's head that accepts the few shapes
// our protocol needs and nothing else. It stands above the library's parser, because lenient
// parsing is what request smuggling is made of. docs/decisions/0007-gate-above-the-library.md
#pragma once

#include <optional>

#include "protocol/wire/http_types.hpp"
#include "relay/front/gate_rules.hpp"

namespace certrelay {

struct GateHead {
  HttpMethod method = HttpMethod::kGet;
  std::string path;                // see is_plain_path()
  HttpHeaders headers;             // those of rules.forwarded that came, lower case, each once
  std::size_t content_length = 0;  // bytes of body that follow, at most rules.body_bytes_max
  bool close = false;              // the client asked to end the connection after the answer
};

// Looks for the end of a head in what has been received so far: the head's size with its empty
// line, or nothing while more bytes are needed. A line break that can never become right is
// refused at once, not when the peer runs out of time.
// Errors: kGateHeadTooLarge, kGateLineBreak.
Result<std::optional<std::size_t>> find_head_end(std::string_view received, const GateRules& rules);

// `raw_head`: one whole head, the empty line included, nothing after it. Never throws, keeps
// nothing. Errors: 640-664, one a reason; after any of them the connection ends.
Result<GateHead> check_head(std::string_view raw_head, const GateRules& rules);

// The outer status of a refusal by the front itself: 400, 408, 413 or 503.
int status_of_refusal(ErrorCode code);

// "/" or "/" and segments of [A-Za-z0-9._~-] (RFC 3986's unreserved characters); neither an empty
// segment in the middle nor "." nor "..", so that no two spellings name one resource.
bool is_plain_path(std::string_view text);

}  // namespace certrelay
