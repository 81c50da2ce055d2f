// From a certificate to a pinned root (RFC 5280 §6), and the rules of a card's own certificate.
#pragma once

#include "relay/identity/trust_store.hpp"

namespace certrelay {

inline constexpr std::size_t kPathMax = 8;  // certificates between leaf and anchor

struct ValidPath {
  std::size_t anchor_index = 0;
  std::shared_ptr<const Crl> crl;  // that was asked for the leaf; null without check_revocation
};

// Signatures that a question has cost: bounded whatever comes with it (search_budget.hpp).
struct PathCost {
  std::size_t certificates = 0;
  std::size_t list_signers = 0;
  std::size_t answers = 0;
};

// Searches a path for `leaf` that is valid at `now`, and reports the first complete path's fault
// when there is none. What is not implemented (policy mappings, name constraints) is refused.
// `cost`: filled in if given.
// Errors: kIssuer..., kCertificate..., kCard..., kCrl..., kPath..., kPolicy..., kNameConstraints...
Result<ValidPath> validate_path(const TrustStore& store, const CertificateView& leaf,
                                const PathRules& rules, UtcTime now, PathCost* cost = nullptr);

}  // namespace certrelay
