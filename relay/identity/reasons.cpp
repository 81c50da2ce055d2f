#include "relay/identity/reasons.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<ErrorCode, 81> kReasons{{
    {ErrorCode::kCertificateMalformed, "certificate_malformed"},
    {ErrorCode::kCertificateVersion, "certificate_version"},
    {ErrorCode::kCertificateSerial, "certificate_serial"},
    {ErrorCode::kCertificateExtensionTwice, "certificate_extension_twice"},
    {ErrorCode::kCertificateExtensionUnknown, "certificate_extension_unknown"},
    {ErrorCode::kCertificateExtensionMalformed, "certificate_extension_malformed"},
    {ErrorCode::kCertificateAlgorithm, "certificate_algorithm"},
    {ErrorCode::kCertificateAlgorithmsDiffer, "certificate_algorithms_differ"},
    {ErrorCode::kCertificateSignature, "certificate_signature"},
    {ErrorCode::kCertificateNotYetValid, "certificate_not_yet_valid"},
    {ErrorCode::kCertificateExpired, "certificate_expired"},
    {ErrorCode::kPublicKeyUnsupported, "public_key_unsupported"},
    {ErrorCode::kPublicKeyOutOfBounds, "public_key_out_of_bounds"},
    {ErrorCode::kIssuerUnknown, "issuer_unknown"},
    {ErrorCode::kIssuerNotYetValid, "issuer_not_yet_valid"},
    {ErrorCode::kIssuerExpired, "issuer_expired"},
    {ErrorCode::kIssuerNotAuthority, "issuer_not_authority"},
    {ErrorCode::kIssuerKeyUsage, "issuer_key_usage"},
    {ErrorCode::kPathTooLong, "path_too_long"},
    {ErrorCode::kCardIsAuthority, "card_is_authority"},
    {ErrorCode::kCardKeyUsage, "card_key_usage"},
    {ErrorCode::kCardExtendedKeyUsage, "card_extended_key_usage"},
    {ErrorCode::kCardPolicyMissing, "card_policy_missing"},
    {ErrorCode::kCardPolicyNotAccepted, "card_policy_not_accepted"},
    {ErrorCode::kPolicyRequired, "policy_required"},
    {ErrorCode::kPolicyMappingUnsupported, "policy_mapping_unsupported"},
    {ErrorCode::kNameConstraintsUnsupported, "name_constraints_unsupported"},
    {ErrorCode::kCardRevoked, "card_revoked"},
    {ErrorCode::kCardOnHold, "card_on_hold"},
    {ErrorCode::kCardStatusUnknown, "card_status_unknown"},
    {ErrorCode::kCrlMalformed, "crl_malformed"},
    {ErrorCode::kCrlSignature, "crl_signature"},
    {ErrorCode::kCrlAlgorithm, "crl_algorithm"},
    {ErrorCode::kCrlNumberMissing, "crl_number_missing"},
    {ErrorCode::kCrlExtensionUnknown, "crl_extension_unknown"},
    {ErrorCode::kCrlDelta, "crl_delta"},
    {ErrorCode::kCrlIndirect, "crl_indirect"},
    {ErrorCode::kCrlScope, "crl_scope"},
    {ErrorCode::kCrlExpired, "crl_expired"},
    {ErrorCode::kCrlNotYetValid, "crl_not_yet_valid"},
    {ErrorCode::kCrlTooOld, "crl_too_old"},
    {ErrorCode::kCrlRollBack, "crl_roll_back"},
    {ErrorCode::kCrlIssuerKeyUsage, "crl_issuer_key_usage"},
    {ErrorCode::kCardAlgorithmMismatch, "card_algorithm_mismatch"},
    {ErrorCode::kCardSignature, "card_signature"},
    {ErrorCode::kOcspUnsupported, "ocsp_unsupported"},
    {ErrorCode::kTrustAnchorInvalid, "trust_anchor_invalid"},
    {ErrorCode::kCardIsTrustAnchor, "card_is_trust_anchor"},
    {ErrorCode::kIssuerRevoked, "issuer_revoked"},
    {ErrorCode::kKeyIdentifierMissing, "key_identifier_missing"},
    {ErrorCode::kCertificateUniqueId, "certificate_unique_id"},
    {ErrorCode::kKeyUsageContradicts, "key_usage_contradicts"},
    {ErrorCode::kCrlSerialTwice, "crl_serial_twice"},
    {ErrorCode::kCardSignedChallenge, "card_signed_challenge"},
    {ErrorCode::kIssuerOfOtherPurpose, "issuer_of_other_purpose"},
    {ErrorCode::kIssuerKeyDiffers, "issuer_key_differs"},
    {ErrorCode::kIssuerWithoutRoot, "issuer_without_root"},
    {ErrorCode::kCrlIssuerUnknown, "crl_issuer_unknown"},
    {ErrorCode::kCardOfOtherPurpose, "card_of_other_purpose"},
    {ErrorCode::kCardGeneration, "card_generation"},
    {ErrorCode::kOcspMalformed, "ocsp_malformed"},
    {ErrorCode::kOcspNotSuccessful, "ocsp_not_successful"},
    {ErrorCode::kOcspAlgorithm, "ocsp_algorithm"},
    {ErrorCode::kOcspSignature, "ocsp_signature"},
    {ErrorCode::kOcspResponder, "ocsp_responder"},
    {ErrorCode::kOcspNonce, "ocsp_nonce"},
    {ErrorCode::kOcspNotYetValid, "ocsp_not_yet_valid"},
    {ErrorCode::kOcspExpired, "ocsp_expired"},
    {ErrorCode::kOcspTooOld, "ocsp_too_old"},
    {ErrorCode::kOcspOtherCertificate, "ocsp_other_certificate"},
    {ErrorCode::kOcspStatusUnknown, "ocsp_status_unknown"},
    {ErrorCode::kOcspExtensionUnknown, "ocsp_extension_unknown"},
    {ErrorCode::kOcspNoAnswer, "ocsp_no_answer"},
    {ErrorCode::kTokenUnavailable, "token_unavailable"},
    {ErrorCode::kTokenPin, "token_pin"},
    {ErrorCode::kTokenObjects, "token_objects"},
    {ErrorCode::kSignedOtherTransaction, "card_signed_other_transaction"},
    {ErrorCode::kSignedOtherKiosk, "card_signed_other_kiosk"},
    {ErrorCode::kSignedOtherPeer, "card_signed_other_peer"},
    {ErrorCode::kCertificateCrlIssuer, "certificate_crl_issuer"},
    {ErrorCode::kCardSignatureForm, "card_signature_form"},
}};

}  // namespace

std::string_view reason_text(ErrorCode code) {
  for (const auto& [known, text] : kReasons) {
    if (known == code) return text;
  }
  return code == ErrorCode::kLimitExceeded ? "limit_exceeded" : "other";
}

}  // namespace certrelay
