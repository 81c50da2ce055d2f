#include "tests/support/scripted_vault.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {

HttpRequest parse_scripted_request(const std::string& text) {
  const std::size_t method_end = text.find(' ');
  const std::size_t path_end = text.find(' ', method_end + 1);
  const std::size_t head_end = text.find("\r\n\r\n");
  CERTRELAY_CHECK(head_end != std::string::npos && path_end < head_end);
  HttpRequest out;
  out.method = parse_http_method(text.substr(0, method_end)).value();
  out.path = text.substr(method_end + 1, path_end - method_end - 1);
  std::size_t at = text.find("\r\n") + 2;
  while (at < head_end) {
    const std::size_t end = text.find("\r\n", at);
    const std::size_t colon = text.find(": ", at);
    out.headers.push_back({text.substr(at, colon - at), text.substr(colon + 2, end - colon - 2)});
    at = end + 2;
  }
  out.body.assign(text.begin() + static_cast<std::ptrdiff_t>(head_end) + 4, text.end());
  return out;
}

std::string signed_answer_text(HttpAnswer answer, const HttpRequest& request,
                               const AnswerKey& key) {
  const UtcTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  CERTRELAY_CHECK(sign_answer(answer, RequestParts::of(request), key, now).has_value());
  return answer_text(answer);
}

std::string answer_text(const HttpAnswer& answer) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " \r\n";
  for (const HttpHeader& header : answer.headers) {
    out += header.name + ": " + header.value + "\r\n";
  }
  if (answer.status != 204) out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  out += "\r\n";
  out.append(as_text(answer.body));
  return out;
}

}  // namespace certrelay
