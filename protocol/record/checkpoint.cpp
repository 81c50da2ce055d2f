#include "protocol/record/checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

Error bad_checkpoint() { return {ErrorCode::kMalformed, "checkpoint"}; }

Result<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || end == 0) return bad_checkpoint();
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<std::uint64_t> parse_size(std::string_view line) {
  std::uint64_t size = 0;
  const auto* const end = line.data() + line.size();
  const auto [rest, code] = std::from_chars(line.data(), end, size);
  // Decimal without leading zeros.
  if (code != std::errc{} || rest != end || std::to_string(size) != line) return bad_checkpoint();
  return size;
}

}  // namespace

Checkpoint checkpoint_of(std::string_view origin, const ChainState& state) {
  return Checkpoint{.origin = std::string(origin),
                    .size = state.tree.size(),
                    .root = state.tree.root(),
                    .extensions = {}};
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  CERTRELAY_CHECK(is_note_key_name(checkpoint.origin));
  std::string out = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                    to_base64(checkpoint.root) + "\n";
  for (const auto& line : checkpoint.extensions) {
    CERTRELAY_CHECK(!line.empty() && line.find('\n') == std::string::npos);
    out += line + "\n";
  }
  return out;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Checkpoint out;
  CERTRELAY_TRY(const auto origin, take_line(text));
  CERTRELAY_TRY(const auto size, take_line(text));
  CERTRELAY_TRY(const auto root_text, take_line(text));
  CERTRELAY_TRY(const auto root, from_base64(root_text));
  if (!is_note_key_name(origin) || root.size() != out.root.size()) return bad_checkpoint();
  out.origin = origin;
  CERTRELAY_TRY(out.size, parse_size(size));
  std::copy(root.begin(), root.end(), out.root.begin());
  while (!text.empty()) {
    CERTRELAY_TRY(const auto line, take_line(text));
    out.extensions.emplace_back(line);
  }
  return out;
}

}  // namespace certrelay
