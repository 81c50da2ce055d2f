#include "firmware/client/answer_head.hpp"

#include <algorithm>
#include <charconv>

namespace certrelay {
namespace {

constexpr Error bad(std::string_view where) { return {ErrorCode::kAnswerMalformed, where}; }

// Takes one CRLF-ended line off `rest`.
Result<std::string_view> next_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  if (end == std::string_view::npos) return bad("answer: line");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

template <class T>
bool is_whole_number(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto [at, code] = std::from_chars(text.data(), end, value);
  return !text.empty() && code == std::errc{} && at == end;
}

Result<int> read_status(std::string_view line) {
  // RFC 9112 §4: the reason may be empty, the space before it may not.
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!line.starts_with(kVersion) || line.size() < kVersion.size() + 4)
    return bad("answer: status");
  int status = 0;
  if (line[kVersion.size() + 3] != ' ' ||
      !is_whole_number(line.substr(kVersion.size(), 3), status) || status < 200 || status > 599) {
    return bad("answer: status");
  }
  const std::string_view reason = line.substr(kVersion.size() + 4);
  if (!std::ranges::all_of(reason, [](char c) { return c >= ' ' && c <= '~'; })) {
    return bad("answer: status");
  }
  return status;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

Result<HttpHeader> read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("answer: header");
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  HttpHeader header{to_lower(line.substr(0, colon)), std::string(value)};
  if (!is_header_name(header.name) || !is_header_value(header.value)) return bad("answer: header");
  return header;
}

bool has(const HttpHeaders& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const HttpHeader& h) { return h.name == name; });
}

Result<void> interpret(AnswerHead& head) {
  if (has(head.headers, "transfer-encoding")) return bad("answer: transfer-encoding");
  if (const auto text = only_header(head.headers, "content-length")) {
    std::size_t length = 0;
    if (!is_whole_number(*text, length)) return bad("answer: content-length");
    head.content_length = length;
  }
  if (const auto text = only_header(head.headers, "connection")) {
    head.close = to_lower(*text) != "keep-alive";
  }
  std::erase_if(head.headers, [](const HttpHeader& h) {
    return h.name == "content-length" || h.name == "connection" || h.name == "date";
  });
  return ok();
}

}  // namespace

Result<AnswerHead> parse_answer_head(std::string_view head) {
  if (head.size() > kAnswerHeadBytesMax) return bad("answer: head");
  AnswerHead out;
  CERTRELAY_TRY(const std::string_view first, next_line(head));
  CERTRELAY_TRY(out.status, read_status(first));
  while (true) {
    CERTRELAY_TRY(const std::string_view line, next_line(head));
    if (line.empty()) break;
    CERTRELAY_TRY(HttpHeader header, read_header(line));
    if (header.name != "set-cookie" && has(out.headers, header.name)) {
      return bad("answer: header twice");
    }
    out.headers.push_back(std::move(header));
  }
  if (!head.empty()) return bad("answer: head");
  CERTRELAY_TRY(interpret(out));
  return out;
}

Result<std::size_t> body_size(const AnswerHead& head, HttpMethod method, std::size_t bytes_max) {
  if (method == HttpMethod::kHead || head.status == 304) return 0;
  if (head.status == 204) {
    // RFC 9110 §8.6: none is allowed there, and a zero does no harm.
    if (head.content_length.value_or(0) != 0) return bad("answer: 204 with a length");
    return 0;
  }
  if (!head.content_length) return bad("answer: no content-length");
  if (*head.content_length > bytes_max) return Error{ErrorCode::kLimitExceeded, "answer: body"};
  return *head.content_length;
}

}  // namespace certrelay
