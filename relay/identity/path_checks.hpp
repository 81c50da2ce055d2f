// The single questions that a path is made of; private to this room.
#pragma once

#include "relay/identity/trust_store.hpp"

namespace certrelay {

enum class Subject : std::uint8_t { kCard, kIssuer };

// notBefore and notAfter both inclusive (RFC 5280 §4.1.2.5).
Result<void> check_leaf_dates(const CertificateView& view, UtcTime now);
Result<void> check_issuer_dates(const CertificateView& view, UtcTime now);
// Errors: kPolicyMappingUnsupported, kNameConstraintsUnsupported.
Result<void> refuse_unimplemented(const CertificateView& view);
// CA true and, where key usage is stated, keyCertSign; JPKI demands that it is stated.
Result<void> check_may_issue(const CertificateView& view, const PathRules& rules);
// Key usage, CA false, policy and purpose of a 利用者証明用電子証明書.
Result<void> check_card_rules(const CertificateView& leaf, const PathRules& rules);
// The issuer's list: there, may be signed by that key, in force at `now`, without that serial.
Result<void> check_status(const Authority& issuer, ByteView serial, const PathRules& rules,
                          UtcTime now, Subject subject);

}  // namespace certrelay
