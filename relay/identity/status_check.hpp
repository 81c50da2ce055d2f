// Is a certificate revoked? Private to this room.
#pragma once

#include "relay/identity/trust_store.hpp"

namespace certrelay {

enum class Subject : std::uint8_t { kCard, kIssuer };

// The issuer's list must be there, signed by a key that may sign lists, in force at `now` and
// without that serial. An OCSP answer of the store that speaks of the certificate must be good too;
// it can stand for a list that is not there, never for one that is bad or says otherwise.
// Errors: kCrl..., kOcsp..., kCardStatusUnknown, kCardRevoked, kCardOnHold, kIssuerRevoked.
Result<void> check_status(const TrustStore& store, const Authority& issuer, ByteView serial,
                          const PathRules& rules, UtcTime now, Subject subject);

}  // namespace certrelay
