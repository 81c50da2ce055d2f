#include "firmware/fetch/http_address.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kUrlBytesMax = 512;
constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

bool is_port(std::string_view text) {
  const bool digits = !text.empty() && text.size() <= 5 &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  return digits && std::stoi(std::string(text)) >= 1 && std::stoi(std::string(text)) <= 65535;
}

}  // namespace

Result<HttpAddress> HttpAddress::parse(std::string_view url) {
  const Error bad{ErrorCode::kMalformed, "http address"};
  const bool visible =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~' && c != '#'; });
  if (!url.starts_with(kScheme) || url.size() > kUrlBytesMax || !visible) return bad;
  url.remove_prefix(kScheme.size());
  HttpAddress out;
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    out.target = url.substr(slash);
    url = url.substr(0, slash);
  }
  if (const auto colon = url.find(':'); colon != std::string_view::npos) {
    if (!is_port(url.substr(colon + 1))) return bad;
    out.port = url.substr(colon + 1);
    url = url.substr(0, colon);
  }
  if (url.empty() || url.find_first_not_of(kHostCharacters) != std::string_view::npos) return bad;
  out.host = url;
  return out;
}

}  // namespace certrelay
