// Requests as a scripted server received them, and answers signed as the vault signs them.
#pragma once

#include <string>

#include "protocol/base/time.hpp"
#include "relay/keys/answer_key.hpp"

namespace certrelay {

// Method, path and body of a request's text. Precondition: one whole request (CHECK).
HttpRequest parse_scripted_request(const std::string& text);

// Signs `answer` as the answer to `request` and writes it as HTTP/1.1.
std::string signed_answer_text(HttpAnswer answer, const HttpRequest& request, const AnswerKey& key);
// As it is.
std::string answer_text(const HttpAnswer& answer);

}  // namespace certrelay
