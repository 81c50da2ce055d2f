// Requests and answers as a front, the vault and the kiosk program exchange them: past TLS and the
// HTTP gate, before any JSON. No front parses a body, no vault parses HTTP.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// The methods of our interfaces; the numbers travel in vault frames.
enum class HttpMethod : std::uint8_t { kGet = 1, kHead = 2, kPost = 3, kPatch = 4, kDelete = 5 };
// "GET" ...
std::string_view to_text(HttpMethod method);
// Upper case only. Errors: kMalformed.
Result<HttpMethod> parse_http_method(std::string_view text);

struct HttpHeader {
  std::string name;   // [a-z0-9-]{1,64}: lower case, also on answers
  std::string value;  // visible ASCII and inner spaces, at most 4,096 characters
  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};
using HttpHeaders = std::vector<HttpHeader>;

// The value of the only header of that (lower-case) name; none when it is absent or there twice.
// The view lives as long as `headers` is unchanged.
std::optional<std::string_view> only_header(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string
      path;  // "/v1/..." without a query: visible ASCII, no '?', no '#', 1 to 512 characters
  HttpHeaders headers;  // only those of the role's closed list
  Bytes body;
};

struct HttpAnswer {
  int status = 0;       // 200 to 599
  HttpHeaders headers;  // without Content-Length, Date and Connection: these are the front's
  Bytes body;
};

// What http_types promises of each part; every decoder and encoder of frames asks these.
bool is_header_name(std::string_view text);
bool is_header_value(std::string_view text);
bool is_http_path(std::string_view text);

}  // namespace certrelay
