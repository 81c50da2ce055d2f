#pragma once

#include <compare>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// A UUID of version 4 or 7 (RFC 9562), variant 10, lower case. Tag keeps the kinds apart.
template <class Tag>
class Uuid {
 public:
  static constexpr std::size_t kSize = 16;
  // Errors: kMalformed.
  static Result<Uuid> parse(std::string_view text);
  static Result<Uuid> from_bytes(ByteView bytes);

  ByteView bytes() const { return bytes_; }
  std::string text() const;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  explicit Uuid(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  std::array<std::uint8_t, kSize> bytes_{};
};

// The center's id of one transaction, never used again (INV-10).
using TransactionId = Uuid<struct TransactionTag>;
using EventId = Uuid<struct EventTag>;
using IncidentId = Uuid<struct IncidentTag>;
using ExtractId = Uuid<struct ExtractTag>;
// One action that an operator proposed, never used again.
using ActionId = Uuid<struct ActionTag>;

// Sixteen random bytes made a version 4 UUID's: sets the version and the variant.
std::array<std::uint8_t, 16> uuid_v4_bytes(ByteView random);

}  // namespace certrelay
