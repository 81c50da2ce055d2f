#include "relay/identity/oids.hpp"

#include <charconv>
#include <limits>

namespace certrelay::oid {
namespace {

constexpr std::size_t kArcsMax = 32;

Result<std::uint64_t> take_arc(std::string_view& text) {
  std::uint64_t arc = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), arc);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (fault != std::errc() || arc > std::numeric_limits<std::int64_t>::max() - 80 ||
      (text[0] == '0' && used > 1)) {
    return Error{ErrorCode::kMalformed, "oid: arc"};
  }
  text.remove_prefix(used);
  return arc;
}

void append_base128(Bytes& out, std::uint64_t arc) {
  int shift = 0;
  while (arc >> shift > 0x7F) shift += 7;
  for (; shift > 0; shift -= 7) {
    out.push_back(0x80 | static_cast<std::uint8_t>(arc >> shift & 0x7F));
  }
  out.push_back(static_cast<std::uint8_t>(arc & 0x7F));
}

}  // namespace

Result<Bytes> from_dotted(std::string_view text) {
  Bytes out;
  CERTRELAY_TRY(const auto first, take_arc(text));
  if (first > 2 || !text.starts_with('.')) return Error{ErrorCode::kMalformed, "oid: root"};
  text.remove_prefix(1);
  CERTRELAY_TRY(const auto second, take_arc(text));
  if (first < 2 && second > 39) return Error{ErrorCode::kMalformed, "oid: second arc"};
  append_base128(out, first * 40 + second);
  for (std::size_t arcs = 2; !text.empty(); ++arcs) {
    if (arcs == kArcsMax || text[0] != '.') return Error{ErrorCode::kMalformed, "oid: arcs"};
    text.remove_prefix(1);
    CERTRELAY_TRY(const auto arc, take_arc(text));
    append_base128(out, arc);
  }
  return out;
}

}  // namespace certrelay::oid
