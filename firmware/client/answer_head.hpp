// The one form of an HTTP/1.1 answer that the client reads; pure, fuzzed.
#pragma once

#include <optional>

#include "protocol/wire/http_types.hpp"

namespace certrelay {

inline constexpr std::size_t kAnswerHeadBytesMax = std::size_t{16} * 1024;

struct AnswerHead {
  int status = 0;       // 200 to 599
  HttpHeaders headers;  // lower-case names; see HttpAnswer for what is left out
  std::optional<std::size_t> content_length;  // bytes
  bool close = false;                         // the peer ends the connection after this answer
};

// `head` is everything up to and including the empty line. Refused (kAnswerMalformed): a version
// other than HTTP/1.1, an interim answer, any Transfer-Encoding, folded lines, a bare CR or LF,
// bytes outside visible ASCII, a header twice (set-cookie may be), a Content-Length that is not
// plain decimal digits.
Result<AnswerHead> parse_answer_head(std::string_view head);

// The number of body bytes that follow: 0 for HEAD, 204 and 304, otherwise the Content-Length,
// which must be there. Errors: kAnswerMalformed; kLimitExceeded past `bytes_max`.
Result<std::size_t> body_size(const AnswerHead& head, HttpMethod method, std::size_t bytes_max);

}  // namespace certrelay
