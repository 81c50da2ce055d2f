// The single questions that a path is made of; private to this room.
#pragma once

#include "relay/identity/trust_store.hpp"

namespace certrelay {

// notBefore and notAfter both inclusive (RFC 5280 §4.1.2.5).
Result<void> check_leaf_dates(const CertificateView& view, UtcTime now);
Result<void> check_issuer_dates(const CertificateView& view, UtcTime now);
// Errors: kPolicyMappingUnsupported, kNameConstraintsUnsupported.
Result<void> refuse_unimplemented(const CertificateView& view);
// What a certificate says that it must not say: keyCertSign without CA (RFC 5280 §4.2.1.9),
// for JPKI also unique identifiers, critical distribution points, points with another issuer's list
// (cRLIssuer, §4.2.1.13) and constraints on policies that are not critical (§4.2.1.11, .14).
// Errors: kKeyUsageContradicts, kCertificateUniqueId, kCertificateExtensionUnknown,
// kCertificateCrlIssuer, kCertificateExtensionMalformed.
Result<void> refuse_contradictions(const CertificateView& view, const PathRules& rules);
// Whether the subject's authority key identifier (§4.2.1.1) names another key than the issuer's, or
// another certificate of it.
bool names_another_issuer(const CertificateView& issuer, const CertificateView& subject,
                          const PathRules& rules);
// §4.2.1.1, §4.2.1.2: either the issuer's and the subject's side both name the issuer's key, and
// name the same one, or neither does. A card's profile is satisfied when they do not differ. Where
// the subject names its issuer's certificate by issuer and serial, it must be that one.
// Errors: kKeyIdentifierMissing, kIssuerKeyDiffers.
Result<void> check_key_identifiers(const CertificateView& issuer, const CertificateView& subject,
                                   const PathRules& rules);
// An issuer that states purposes can pass on no others, though RFC 5280 §4.2.1.12 leaves it open:
// the leaf must share one with it, where both state any. Errors: kCardExtendedKeyUsage.
Result<void> check_purposes(const CertificateView& issuer, const CertificateView& leaf);
// CA true and, where key usage is stated, keyCertSign; JPKI demands that it is stated.
Result<void> check_may_issue(const CertificateView& view, const PathRules& rules);
// Whether a distribution point sends to the list of somebody else.
bool sends_to_another_issuer(const CertificateView& view);
// Key usage, CA false, policy, purpose and generation of a 利用者証明用電子証明書.
// Errors: kCard..., kPublicKey..., kCertificateMalformed (the key).
Result<void> check_card_rules(const CertificateView& leaf, const PathRules& rules);
}  // namespace certrelay
