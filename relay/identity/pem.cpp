#include <algorithm>

#include "relay/identity/card_verifier.hpp"

namespace certrelay {
namespace {

constexpr Error kBadPem{ErrorCode::kMalformed, "pem"};

// A line at a time: a list of a million revoked cards has 37 MB of them.
std::string without_line_ends(std::string_view lines) {
  std::string out;
  out.reserve(lines.size());
  while (!lines.empty()) {
    const auto end = std::min(lines.find_first_of("\r\n"), lines.size());
    out += lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

// What stands between `text`'s next pair of lines with that label; none left: nullopt.
Result<std::optional<Bytes>> next_block(std::string_view& text, const std::string& begin,
                                        const std::string& end) {
  const auto start = text.find(begin);
  if (start == std::string_view::npos) return std::optional<Bytes>();
  const auto stop = text.find(end, start);
  if (stop == std::string_view::npos) return kBadPem;
  const auto base64 =
      without_line_ends(text.substr(start + begin.size(), stop - start - begin.size()));
  text.remove_prefix(stop + end.size());
  CERTRELAY_TRY(auto der, from_base64(base64));
  return std::optional<Bytes>(std::move(der));
}

}  // namespace

Result<std::vector<Bytes>> split_pem(Bytes file, std::string_view label) {
  std::vector<Bytes> out;
  if (!file.empty() && file[0] == 0x30) {  // a SEQUENCE: DER
    out.push_back(std::move(file));
    return out;
  }
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  auto text = as_text(file);
  for (;;) {
    CERTRELAY_TRY(auto block, next_block(text, begin, end));
    if (!block) break;
    out.push_back(std::move(*block));
  }
  if (out.empty()) return kBadPem;
  return out;
}

}  // namespace certrelay
