// From a certificate to a pinned root (RFC 5280 §6), and the rules of a card's own certificate.
#pragma once

#include "relay/identity/trust_store.hpp"

namespace certrelay {

inline constexpr std::size_t kPathMax = 8;             // certificates between leaf and anchor
inline constexpr std::size_t kSignatureTriesMax = 64;  // a search never costs more than these
inline constexpr std::size_t kSearchStepsMax = 4096;   // certificates visited, again and again too

struct ValidPath {
  std::size_t anchor_index = 0;
  std::shared_ptr<const Crl> crl;  // that was asked for the leaf; null without check_revocation
};

// Searches a path for `leaf` that is valid at `now`, and reports the first complete path's fault
// when there is none. What is not implemented (policy mappings, name constraints) is refused.
// Errors: kIssuer..., kCertificate..., kCard..., kCrl..., kPath..., kPolicy..., kNameConstraints...
Result<ValidPath> validate_path(const TrustStore& store, const CertificateView& leaf,
                                const PathRules& rules, UtcTime now);

}  // namespace certrelay
