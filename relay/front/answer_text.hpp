// Answers as bytes, and the answers that a front gives by itself.
#pragma once

#include "protocol/base/time.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

// The whole answer to a request of that method: status line, the answer's headers as they are,
// Date, Content-Length (not with 204 and 304, RFC 9110 §8.6), Connection when `close`, and the
// body (not with HEAD, 204 and 304). Precondition: every name and value is_header_name/value().
Bytes answer_bytes(const HttpAnswer& answer, HttpMethod method, bool close, UtcTime now);

// 400, 413 or 503 as a problem document, 408 without a body. Never signed: a caller takes it as no
// answer. 503 carries Retry-After.
HttpAnswer own_answer(ErrorCode refusal);

// GET /livez of monitoring: this process runs; of the vault it says nothing.
HttpAnswer alive_answer();

}  // namespace certrelay
