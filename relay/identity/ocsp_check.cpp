#include "relay/identity/ocsp_check.hpp"

#include <algorithm>

#include "relay/identity/oids.hpp"
#include "relay/identity/path_checks.hpp"

namespace certrelay {
namespace {

constexpr Error kNotAuthorised{ErrorCode::kOcspResponder, "ocsp: responder"};

bool names_issuer(const OcspQuestion& of, const Authority& issuer) {
  const auto key = public_key_octets(issuer.view.spki);
  return key && same_bytes(of.issuer_name_hash, issuer_hash(of.hash, issuer.view.subject)) &&
         same_bytes(of.issuer_key_hash, issuer_hash(of.hash, key.value()));
}

// Of that certificate, whichever hash names its issuer.
struct Speaks {
  const Authority& issuer;
  ByteView serial;
  bool operator()(const OcspSingle& single) const {
    return same_bytes(single.of.serial, serial) && names_issuer(single.of, issuer);
  }
};

bool is_responder(const OcspAnswer& answer, const CertificateView& view, const PathRules& rules) {
  if (answer.responder_name) return names_match(*answer.responder_name, view.subject, rules.names);
  const auto key = public_key_octets(view.spki);
  return answer.responder_key_hash && key &&
         same_bytes(*answer.responder_key_hash,
                    issuer_hash(IssuerHashAlgorithm::kSha1, key.value()));
}

bool may_sign_answers(const CertificateView& view) {
  const bool for_ocsp =
      view.extended_key_usage &&
      std::any_of(view.extended_key_usage->begin(), view.extended_key_usage->end(),
                  [](ByteView purpose) { return as_text(purpose) == oid::kOcspSigning; });
  return for_ocsp &&
         (!view.key_usage || (view.key_usage->bits & key_usage::kDigitalSignature) != 0);
}

bool is_not_revoked(const CertificateView& view, const Authority& issuer, const PathRules& rules,
                    UtcTime now) {
  if (view.has_ocsp_no_check) return true;
  const auto& crl = issuer.crl;
  if (!crl || issuer.crl_fault || sends_to_another_issuer(view)) return false;
  const bool in_force = now >= crl->this_update && now < crl->next_update &&
                        !(rules.crl_age_max && now - crl->this_update > *rules.crl_age_max);
  return in_force && crl->status(view.serial) == CardStatus::kGood;
}

// Errors: kOcspResponder (it did not), kPathTooLong (nobody knows).
Result<void> check_issued(const Authority& issuer, const CertificateView& view,
                          const PathRules& rules, SignatureChecks& checks) {
  CERTRELAY_TRY(const auto algorithm,
                parse_signature_algorithm(view.signature_algorithm, rules.keys,
                                          ErrorCode::kCertificateAlgorithm));
  const auto verified = checks.verified(issuer.key, issuer.key_digest, algorithm, view.tbs,
                                        view.signature, view.whole);
  if (!verified) return kSearchBound;
  return *verified ? ok() : Result<void>(kNotAuthorised);
}

// The key of a responder that the issuer authorised by a certificate of its own (§4.2.2.2).
Result<CardPublicKey> delegated_key(ByteView der, const OcspAnswer& answer, const Authority& issuer,
                                    const PathRules& rules, UtcTime now, SignatureChecks& checks) {
  CERTRELAY_TRY(const auto view, parse_certificate(der));
  const bool good = is_responder(answer, view, rules) &&
                    names_match(view.issuer, issuer.view.subject, rules.names) &&
                    !names_another_issuer(issuer.view, view, rules) && refuse_unimplemented(view) &&
                    may_sign_answers(view) && now >= view.not_before && now <= view.not_after &&
                    is_not_revoked(view, issuer, rules, now);
  if (!good) return kNotAuthorised;
  CERTRELAY_TRY(check_issued(issuer, view, rules, checks));
  return CardPublicKey::from_spki(view.spki, rules.keys);
}

Result<void> check_signed_by(const OcspAnswer& answer, const CardPublicKey& key,
                             const Digest& key_digest, SignatureChecks& checks) {
  const auto verified = checks.verified(key, key_digest, answer.algorithm, answer.tbs,
                                        answer.signature, answer.whole);
  if (!verified) return kSearchBound;
  return *verified ? ok() : Result<void>(Error{ErrorCode::kOcspSignature, "ocsp: signature"});
}

Result<void> check_signature(const OcspAnswer& answer, const Authority& issuer,
                             const PathRules& rules, UtcTime now, SignatureChecks& checks) {
  if (is_responder(answer, issuer.view, rules)) {
    return check_signed_by(answer, issuer.key, issuer.key_digest, checks);
  }
  for (const auto der : answer.certificates) {
    const auto key = delegated_key(der, answer, issuer, rules, now, checks);
    if (!key && key.error().code == ErrorCode::kPathTooLong) return key.error();
    if (!key) continue;
    CERTRELAY_TRY(const auto view, parse_certificate(der));
    return check_signed_by(answer, key.value(), sha256(view.spki), checks);
  }
  return kNotAuthorised;
}

Result<void> check_times(const OcspAnswer& answer, const OcspSingle& single, const PathRules& rules,
                         UtcTime now) {
  if (now < single.this_update || now < answer.produced_at) {
    return Error{ErrorCode::kOcspNotYetValid, "ocsp: thisUpdate"};
  }
  // Without nextUpdate an answer would never grow old.
  if (!single.next_update || now >= *single.next_update) {
    return Error{ErrorCode::kOcspExpired, "ocsp: nextUpdate"};
  }
  if (rules.ocsp_age_max && now - single.this_update > *rules.ocsp_age_max) {
    return Error{ErrorCode::kOcspTooOld, "ocsp: age"};
  }
  return ok();
}

}  // namespace

const OcspSingle* find_ocsp_response(const OcspAnswer& answer, const Authority& issuer,
                                     ByteView serial) {
  const auto found =
      std::find_if(answer.responses.begin(), answer.responses.end(), Speaks{issuer, serial});
  return found == answer.responses.end() ? nullptr : &*found;
}

Result<OcspSingle> check_ocsp_answer(const OcspAnswer& answer, const Authority& issuer,
                                     ByteView serial, const PathRules& rules, UtcTime now,
                                     std::optional<ByteView> nonce, SignatureChecks& checks) {
  const auto* single = find_ocsp_response(answer, issuer, serial);
  if (single == nullptr) {
    return Error{ErrorCode::kOcspOtherCertificate, "ocsp: another certificate"};
  }
  // RFC 6960 §4.2.1: a response for each certificate of the request. Of two, nothing says which
  // one counts.
  if (std::count_if(answer.responses.begin(), answer.responses.end(), Speaks{issuer, serial}) > 1) {
    return Error{ErrorCode::kOcspMalformed, "ocsp: twice of one certificate"};
  }
  CERTRELAY_TRY(check_signature(answer, issuer, rules, now, checks));
  if (nonce && (!answer.nonce || !same_bytes(*answer.nonce, *nonce))) {
    return Error{ErrorCode::kOcspNonce, "ocsp: nonce"};
  }
  CERTRELAY_TRY(check_times(answer, *single, rules, now));
  return *single;
}

}  // namespace certrelay
