#include "relay/identity/status_check.hpp"

#include "relay/identity/ocsp_check.hpp"

namespace certrelay {
namespace {

Error revoked(Subject subject, bool on_hold) {
  if (subject == Subject::kIssuer) return {ErrorCode::kIssuerRevoked, "status: intermediate"};
  return on_hold ? Error{ErrorCode::kCardOnHold, "status: on hold"}
                 : Error{ErrorCode::kCardRevoked, "status: revoked"};
}

Result<void> check_list_in_force(const Crl& crl, const PathRules& rules, UtcTime now) {
  if (now < crl.this_update) return Error{ErrorCode::kCrlNotYetValid, "crl: thisUpdate"};
  // A list ends with its nextUpdate, that instant excluded, as OpenSSL counts.
  if (now >= crl.next_update) return Error{ErrorCode::kCrlExpired, "crl: nextUpdate"};
  if (rules.crl_age_max && now - crl.this_update > *rules.crl_age_max) {
    return Error{ErrorCode::kCrlTooOld, "crl: age"};
  }
  return ok();
}

Result<void> check_list(const Authority& issuer, ByteView serial, const PathRules& rules,
                        UtcTime now, Subject subject) {
  const auto& usage = issuer.view.key_usage;
  if (usage ? (usage->bits & key_usage::kCrlSign) == 0 : rules.jpki) {
    return Error{ErrorCode::kCrlIssuerKeyUsage, "crl: issuer without cRLSign"};
  }
  CERTRELAY_TRY(check_list_in_force(*issuer.crl, rules, now));
  const auto status = issuer.crl->status(serial);
  if (status == CardStatus::kGood) return ok();
  return revoked(subject, status == CardStatus::kOnHold);
}

// True when an answer says that the certificate is good, false when none speaks of it.
Result<bool> ask_ocsp(const TrustStore& store, const Authority& issuer, ByteView serial,
                      const PathRules& rules, UtcTime now, Subject subject) {
  bool good = false;
  for (const auto& held : store.ocsp_answers()) {
    if (find_ocsp_response(held.answer, issuer, serial) == nullptr) continue;
    CERTRELAY_TRY(const auto single,
                  check_ocsp_answer(held.answer, issuer, serial, rules, now, std::nullopt));
    if (single.status == OcspStatus::kUnknown) {
      return Error{ErrorCode::kOcspStatusUnknown, "ocsp: unknown"};
    }
    if (single.status == OcspStatus::kRevoked) return revoked(subject, single.on_hold);
    good = true;
  }
  return good;
}

}  // namespace

Result<void> check_status(const TrustStore& store, const Authority& issuer, ByteView serial,
                          const PathRules& rules, UtcTime now, Subject subject) {
  if (issuer.crl) {
    CERTRELAY_TRY(check_list(issuer, serial, rules, now, subject));
  } else if (issuer.crl_error) {
    return *issuer.crl_error;
  }
  CERTRELAY_TRY(const bool good, ask_ocsp(store, issuer, serial, rules, now, subject));
  if (good || issuer.crl) return ok();
  if (!store.ocsp_answers().empty()) {
    return Error{ErrorCode::kOcspOtherCertificate, "ocsp: another certificate"};
  }
  return Error{ErrorCode::kCardStatusUnknown, "crl: none of this issuer"};
}

}  // namespace certrelay
