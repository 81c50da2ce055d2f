#include "protocol/ids/uuid.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kTextSize = 36;

bool is_known_version(ByteView bytes) {
  const int version = bytes[6] >> 4;
  return (version == 4 || version == 7) && (bytes[8] & 0xC0) == 0x80;
}

}  // namespace

template <class Tag>
Result<Uuid<Tag>> Uuid<Tag>::from_bytes(ByteView bytes) {
  if (bytes.size() != kSize || !is_known_version(bytes)) {
    return Error{ErrorCode::kMalformed, "uuid: version 4 or 7 expected"};
  }
  std::array<std::uint8_t, kSize> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return Uuid(out);
}

template <class Tag>
Result<Uuid<Tag>> Uuid<Tag>::parse(std::string_view text) {
  if (text.size() != kTextSize) return Error{ErrorCode::kMalformed, "uuid: length"};
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return Error{ErrorCode::kMalformed, "uuid: dash"};
    if (!dash) hex += text[i];
  }
  CERTRELAY_TRY(const auto bytes, from_hex(hex));
  return from_bytes(bytes);
}

template <class Tag>
std::string Uuid<Tag>::text() const {
  auto out = to_hex(bytes_);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
  return out;
}

template class Uuid<struct TransactionTag>;
template class Uuid<struct EventTag>;
template class Uuid<struct IncidentTag>;
template class Uuid<struct ExtractTag>;
template class Uuid<struct ActionTag>;

std::array<std::uint8_t, 16> uuid_v4_bytes(ByteView random) {
  CERTRELAY_CHECK(random.size() == 16);
  std::array<std::uint8_t, 16> out{};
  std::copy(random.begin(), random.end(), out.begin());
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0F) | 0x40);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3F) | 0x80);
  return out;
}

}  // namespace certrelay
