#include "relay/identity/status_check.hpp"

#include <algorithm>

#include "relay/identity/ocsp_check.hpp"
#include "relay/identity/path_checks.hpp"

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

// What lists have said so far of one certificate.
class Lists {
 public:
  Lists(const CertificateView& certificate, const PathRules& rules, UtcTime now, Subject subject)
      : certificate_(certificate), rules_(rules), now_(now), subject_(subject) {}

  // Every list that this key verified. Errors: a list that is bad, or names the certificate.
  Result<void> ask(const Authority& authority) {
    if (authority.crl) {
      CERTRELAY_TRY(ask(authority, *authority.crl, kAllReasons));
    }
    for (const auto& crl : authority.scoped_crls) {
      const auto& view = certificate_;
      const bool is_authority = view.basic_constraints && view.basic_constraints->is_authority;
      const unsigned reasons =
          reasons_covered(*crl->scope, view.distribution_points, is_authority, rules_.names);
      partial_ = true;
      if (reasons == 0) continue;
      CERTRELAY_TRY(ask(authority, *crl, reasons));
    }
    return ok();
  }

  bool know_all() const { return covered_ == kAllReasons; }
  bool know_a_part() const { return partial_; }

 private:
  Result<void> ask(const Authority& authority, const Crl& crl, unsigned reasons) {
    const auto& usage = authority.view.key_usage;
    if (usage ? (usage->bits & key_usage::kCrlSign) == 0 : rules_.jpki) {
      return Error{ErrorCode::kCrlIssuerKeyUsage, "crl: issuer without cRLSign"};
    }
    CERTRELAY_TRY(check_list_in_force(crl, rules_, now_));
    const auto status = crl.status(certificate_.serial);
    if (status != CardStatus::kGood) return revoked(subject_, status == CardStatus::kOnHold);
    covered_ |= reasons;
    return ok();
  }

  const CertificateView& certificate_;
  const PathRules& rules_;
  UtcTime now_;
  Subject subject_;
  unsigned covered_ = 0;
  bool partial_ = false;
};

// Nobody but the issuer speaks of its certificates here: where one sends to another's list, that
// list is not read, and may say what ours does not.
bool sends_to_another_issuer(const CertificateView& certificate) {
  const auto& points = certificate.distribution_points;
  return std::any_of(points.begin(), points.end(),
                     [](const DistributionPoint& point) { return point.has_crl_issuer; });
}

bool was_issued_by(const Authority& issuer, const CertificateView& subject,
                   const PathRules& rules) {
  if (!names_match(issuer.view.subject, subject.issuer, rules.names) ||
      !check_key_identifiers(issuer.view, subject, rules)) {
    return false;
  }
  const auto algorithm = parse_signature_algorithm(subject.signature_algorithm, rules.keys,
                                                   ErrorCode::kCertificateAlgorithm);
  return algorithm && issuer.key.verifies(algorithm.value(), subject.tbs, subject.signature);
}

// A key of the issuer's name for lists, which somebody on the path certified and whom the lists of
// that one's own key do not name (§6.3.3 (f)): no further steps, so that this ends.
bool may_sign_lists(const Authority& signer, std::span<const Authority* const> path,
                    const PathRules& rules, UtcTime now) {
  const auto& view = signer.view;
  const bool stated = view.key_usage && (view.key_usage->bits & key_usage::kCrlSign) != 0;
  if (!stated || !check_issuer_dates(view, now) || !refuse_unimplemented(view) ||
      !refuse_contradictions(view, rules)) {
    return false;
  }
  return std::any_of(path.begin(), path.end(), [&](const Authority* above) {
    Lists lists(view, rules, now, Subject::kIssuer);
    return was_issued_by(*above, view, rules) && !above->crl_fault && lists.ask(*above) &&
           lists.know_all();
  });
}

Result<void> ask_keys_for_lists(const TrustStore& store, std::span<const Authority* const> path,
                                const PathRules& rules, UtcTime now, Lists& lists) {
  for (const auto& signer : store.intermediates()) {
    const bool on_path = std::find(path.begin(), path.end(), &signer) != path.end();
    if (on_path || (!signer.crl && signer.scoped_crls.empty()) ||
        !names_match(signer.view.subject, path.front()->view.subject, rules.names) ||
        !may_sign_lists(signer, path, rules, now)) {
      continue;
    }
    CERTRELAY_TRY(lists.ask(signer));
  }
  return ok();
}

Result<void> ask_lists(const TrustStore& store, std::span<const Authority* const> path,
                       const PathRules& rules, UtcTime now, Lists& lists) {
  const auto& issuer = *path.front();
  if (issuer.crl_fault) return *issuer.crl_fault;
  CERTRELAY_TRY(lists.ask(issuer));
  for (const auto* above : path.subspan(1)) {
    if (!names_match(above->view.subject, issuer.view.subject, rules.names)) continue;
    CERTRELAY_TRY(lists.ask(*above));
  }
  CERTRELAY_TRY(ask_keys_for_lists(store, path, rules, now, lists));
  if (issuer.crl_error && !lists.know_all() && !lists.know_a_part()) return *issuer.crl_error;
  return ok();
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

Result<void> check_status(const TrustStore& store, std::span<const Authority* const> path,
                          const CertificateView& certificate, const PathRules& rules, UtcTime now,
                          Subject subject) {
  if (!rules.jpki && sends_to_another_issuer(certificate)) {
    return Error{ErrorCode::kCrlIndirect, "status: another issuer's list"};
  }
  Lists lists(certificate, rules, now, subject);
  CERTRELAY_TRY(ask_lists(store, path, rules, now, lists));
  CERTRELAY_TRY(const bool good,
                ask_ocsp(store, *path.front(), certificate.serial, rules, now, subject));
  if (good || lists.know_all()) return ok();
  if (lists.know_a_part()) return Error{ErrorCode::kCrlScope, "crl: they speak for a part only"};
  if (!store.ocsp_answers().empty()) {
    return Error{ErrorCode::kOcspOtherCertificate, "ocsp: another certificate"};
  }
  return Error{ErrorCode::kCardStatusUnknown, "crl: none of this issuer"};
}

}  // namespace certrelay
