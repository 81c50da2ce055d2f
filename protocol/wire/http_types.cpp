#include "protocol/wire/http_types.hpp"

#include <algorithm>

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<HttpMethod, 5> kMethods{{{HttpMethod::kGet, "GET"},
                                         {HttpMethod::kHead, "HEAD"},
                                         {HttpMethod::kPost, "POST"},
                                         {HttpMethod::kPatch, "PATCH"},
                                         {HttpMethod::kDelete, "DELETE"}}};
constexpr std::size_t kHeaderNameMax = 64;
constexpr std::size_t kValueMax = 4096;
constexpr std::size_t kPathMax = 512;

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

}  // namespace

std::string_view to_text(HttpMethod method) { return name_of(kMethods, method); }

Result<HttpMethod> parse_http_method(std::string_view text) {
  return value_of(kMethods, text, "http: method");
}

std::optional<std::string_view> only_header(const HttpHeaders& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& header : headers) {
    if (header.name != name) continue;
    if (found) return std::nullopt;
    found = header.value;
  }
  return found;
}

bool is_header_name(std::string_view text) {
  return !text.empty() && text.size() <= kHeaderNameMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_header_value(std::string_view text) {
  if (text.size() > kValueMax) return false;
  // RFC 9110 §5.5: white space at either end is no part of the value.
  if (text.starts_with(' ') || text.ends_with(' ')) return false;
  return std::ranges::all_of(text, [](char c) { return c == ' ' || is_visible(c); });
}

bool is_http_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= kPathMax &&
         std::ranges::all_of(text, [](char c) { return is_visible(c) && c != '?' && c != '#'; });
}

}  // namespace certrelay
