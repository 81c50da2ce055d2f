#include "firmware/client/address.hpp"

#include <charconv>

#include "protocol/base/bytes.hpp"

namespace certrelay {
namespace {

constexpr Error kBad{ErrorCode::kMalformed, "address"};

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  return code == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return kBad;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return kBad;
  }
  if (host.empty() || host.size() > 253 || !is_port(port)) return kBad;
  for (const char c : host) {
    if (c <= ' ' || c > '~' || c == '[' || c == ']') return kBad;
  }
  return Address{std::string(host), std::string(port)};
}

}  // namespace certrelay
