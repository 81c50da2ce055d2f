#include "protocol/wire/content_digest.hpp"

#include <algorithm>

namespace certrelay {
namespace {
constexpr std::string_view kPrefix = "sha-256=:";
}

std::string format_content_digest(const Digest& digest) {
  return std::string(kPrefix).append(to_base64(digest)).append(":");
}

Result<Digest> parse_content_digest(std::string_view value) {
  const Error malformed{ErrorCode::kMalformed, "content-digest"};
  if (!value.starts_with(kPrefix) || !value.ends_with(':')) return malformed;
  const auto rest = value.substr(kPrefix.size());
  if (rest.empty()) return malformed;
  CERTRELAY_TRY(const auto bytes, from_base64(rest.substr(0, rest.size() - 1)));
  Digest digest{};
  if (bytes.size() != digest.size()) return malformed;
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

Result<Digest> check_content_digest(const HttpHeaders& headers, ByteView body) {
  const auto value = only_header(headers, "content-digest");
  if (!value) return Error{ErrorCode::kDigestMissing, "content-digest"};
  CERTRELAY_TRY(const auto stated, parse_content_digest(*value));
  if (stated != sha256(body)) return Error{ErrorCode::kDigestMismatch, "content-digest"};
  return stated;
}

}  // namespace certrelay
