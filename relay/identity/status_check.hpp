// Is a certificate revoked? Private to this room.
#pragma once

#include <span>

#include "relay/identity/search_budget.hpp"
#include "relay/identity/trust_store.hpp"

namespace certrelay {

enum class Subject : std::uint8_t { kCard, kIssuer };

// What the statuses of one question are found in, and what finding them has cost so far.
struct StatusSources {
  const TrustStore& store;
  const PathRules& rules;
  UtcTime now;
  SearchBudget& budget;
};

// `path`: the certificate's issuer, then whoever stands above it, to the anchor; all checked.
// The issuer's lists must be there, signed by a key that may sign lists, in force at `now`, without
// that serial, and speak for every reason. A list of the issuer's name by a key further up the path
// is the issuer's too, and so is one by a key that somebody on the path certified for lists: that
// is how keys are replaced and kept apart (RFC 5280 §6.3.3 (f)). An OCSP answer of the
// store that speaks of the certificate must be good too; it can stand for a list that is not there,
// never for one that is bad or says otherwise.
// Errors: kPathTooLong (the budget is spent), kCrl..., kOcsp..., kCardStatusUnknown, kCardRevoked,
// kCardOnHold, kIssuerRevoked.
Result<void> check_status(const StatusSources& from, std::span<const Authority* const> path,
                          const CertificateView& certificate, Subject subject);

}  // namespace certrelay
