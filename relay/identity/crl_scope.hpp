// What part of an issuer's certificates a list speaks for (RFC 5280 §4.2.1.13, §5.2.5), and whether
// a certificate is among them. Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "relay/identity/der.hpp"
#include "relay/identity/name_match.hpp"

namespace certrelay {

inline constexpr std::size_t kDistributionPointsMax = 32;
inline constexpr std::size_t kPointNamesMax = 32;

// ReasonFlags 1 to 8, as der_flags() counts bits: a status is known when all of them are covered.
inline constexpr unsigned kAllReasons = 0x807F;

// Where a certificate says that its status is to be found.
struct DistributionPoint {
  std::vector<Bytes> names;  // whole GeneralNames; a relative name is completed with the issuer's
  unsigned reasons = kAllReasons;
  bool has_crl_issuer = false;  // somebody else's list: indirect
};

// IssuingDistributionPoint.
struct CrlScope {
  Bytes whole;               // two lists of equal bytes here are of one scope
  std::vector<Bytes> names;  // as above; empty: none is stated
  bool only_users = false;
  bool only_authorities = false;
  bool only_attributes = false;
  unsigned reasons = kAllReasons;
};

// Of a certificate of `issuer` (a whole Name). Errors: kCertificateExtensionMalformed.
Result<std::vector<DistributionPoint>> read_distribution_points(ByteView value, ByteView issuer);

// Of a list of `issuer`. Errors: kCrlMalformed, kCrlIndirect.
Result<CrlScope> read_crl_scope(ByteView value, ByteView issuer);

// The reasons for which a list of that scope speaks of a certificate with those points; 0 when it
// does not speak of it (§6.3.3 (b)(2), (d)). Points with another issuer's list count for nothing.
unsigned reasons_covered(const CrlScope& scope, const std::vector<DistributionPoint>& points,
                         bool is_authority, NameMatching how);

}  // namespace certrelay
