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
  Lists(const CertificateView& certificate, const StatusSources& from, Subject subject)
      : certificate_(certificate), from_(from), subject_(subject) {
    for (const auto& point : certificate.distribution_points) point_names_ += point.names.size();
  }

  // Every list that this key verified. Errors: a list that is bad, or names the certificate.
  Result<void> ask(const Authority& authority) {
    if (authority.crl) {
      CERTRELAY_TRY(ask(authority, *authority.crl, kAllReasons));
    }
    for (const auto& crl : authority.scoped_crls) {
      const auto& view = certificate_;
      const bool is_authority = view.basic_constraints && view.basic_constraints->is_authority;
      if (!from_.budget.take_status_steps(1 + point_names_ * crl->scope->names.size())) {
        return kSearchBound;
      }
      const unsigned reasons =
          reasons_covered(*crl->scope, view.distribution_points, is_authority, from_.rules.names);
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
    if (usage ? (usage->bits & key_usage::kCrlSign) == 0 : from_.rules.jpki) {
      return Error{ErrorCode::kCrlIssuerKeyUsage, "crl: issuer without cRLSign"};
    }
    CERTRELAY_TRY(check_list_in_force(crl, from_.rules, from_.now));
    const auto status = crl.status(certificate_.serial);
    if (status != CardStatus::kGood) return revoked(subject_, status == CardStatus::kOnHold);
    covered_ |= reasons;
    return ok();
  }

  const CertificateView& certificate_;
  const StatusSources& from_;
  Subject subject_;
  std::size_t point_names_ = 0;
  unsigned covered_ = 0;
  bool partial_ = false;
};

// Errors: kPathTooLong, nobody knows.
Result<bool> was_issued_by(const Authority& issuer, const Authority& subject,
                           const StatusSources& from) {
  const auto& view = subject.view;
  if (issuer.subject_key != subject.issuer_key ||
      !check_key_identifiers(issuer.view, view, from.rules)) {
    return false;
  }
  const auto algorithm = parse_signature_algorithm(view.signature_algorithm, from.rules.keys,
                                                   ErrorCode::kCertificateAlgorithm);
  if (!algorithm) return false;
  const auto verified = from.budget.list_signers.verified(
      issuer.key, issuer.key_digest, algorithm.value(), view.tbs, view.signature, view.whole);
  if (!verified) return kSearchBound;
  return *verified;
}

// A key of the issuer's name for lists, which somebody on the path certified and whom the lists of
// that one's own key do not name (§6.3.3 (f)): no further steps, so that this ends. Where the bound
// is reached nobody knows whether its list counts, and it might be the one that revokes.
Result<bool> may_sign_lists(const Authority& signer, std::span<const Authority* const> path,
                            const StatusSources& from) {
  const auto& view = signer.view;
  const bool stated = view.key_usage && (view.key_usage->bits & key_usage::kCrlSign) != 0;
  if (!stated || !check_issuer_dates(view, from.now) || !refuse_unimplemented(view) ||
      !refuse_contradictions(view, from.rules)) {
    return false;
  }
  for (const auto* above : path) {
    CERTRELAY_TRY(const bool issued, was_issued_by(*above, signer, from));
    if (!issued || above->crl_fault) continue;
    Lists lists(view, from, Subject::kIssuer);
    const auto asked = lists.ask(*above);
    if (!asked && asked.error().code == ErrorCode::kPathTooLong) return asked.error();
    if (asked && lists.know_all()) return true;
  }
  return false;
}

Result<void> ask_keys_for_lists(std::span<const Authority* const> path, const StatusSources& from,
                                Lists& lists) {
  const auto& wanted = path.front()->subject_key;
  for (const auto& signer : from.store.intermediates()) {
    if ((!signer.crl && signer.scoped_crls.empty()) || signer.subject_key != wanted ||
        std::find(path.begin(), path.end(), &signer) != path.end()) {
      continue;
    }
    if (!from.budget.take_status_steps(path.size())) return kSearchBound;
    CERTRELAY_TRY(const bool may, may_sign_lists(signer, path, from));
    if (!may) continue;
    CERTRELAY_TRY(lists.ask(signer));
  }
  return ok();
}

Result<void> ask_lists(std::span<const Authority* const> path, const StatusSources& from,
                       Lists& lists) {
  const auto& issuer = *path.front();
  if (issuer.crl_fault) return *issuer.crl_fault;
  CERTRELAY_TRY(lists.ask(issuer));
  for (const auto* above : path.subspan(1)) {
    if (above->subject_key != issuer.subject_key) continue;
    CERTRELAY_TRY(lists.ask(*above));
  }
  CERTRELAY_TRY(ask_keys_for_lists(path, from, lists));
  if (issuer.crl_error && !lists.know_all() && !lists.know_a_part()) return *issuer.crl_error;
  return ok();
}

// True when an answer says that the certificate is good, false when none speaks of it.
Result<bool> ask_ocsp(const Authority& issuer, ByteView serial, const StatusSources& from,
                      Subject subject) {
  bool good = false;
  for (const auto& held : from.store.ocsp_answers()) {
    if (!from.budget.take_status_steps(held.answer.responses.size())) return kSearchBound;
    if (find_ocsp_response(held.answer, issuer, serial) == nullptr) continue;
    CERTRELAY_TRY(const auto single,
                  check_ocsp_answer(held.answer, issuer, serial, from.rules, from.now, std::nullopt,
                                    from.budget.answers));
    if (single.status == OcspStatus::kUnknown) {
      return Error{ErrorCode::kOcspStatusUnknown, "ocsp: unknown"};
    }
    if (single.status == OcspStatus::kRevoked) return revoked(subject, single.on_hold);
    good = true;
  }
  return good;
}

}  // namespace

Result<void> check_status(const StatusSources& from, std::span<const Authority* const> path,
                          const CertificateView& certificate, Subject subject) {
  if (!from.rules.jpki && sends_to_another_issuer(certificate)) {
    return Error{ErrorCode::kCrlIndirect, "status: another issuer's list"};
  }
  Lists lists(certificate, from, subject);
  CERTRELAY_TRY(ask_lists(path, from, lists));
  CERTRELAY_TRY(const bool good, ask_ocsp(*path.front(), certificate.serial, from, subject));
  if (good || lists.know_all()) return ok();
  if (lists.know_a_part()) return Error{ErrorCode::kCrlScope, "crl: they speak for a part only"};
  if (!from.store.ocsp_answers().empty()) {
    return Error{ErrorCode::kOcspOtherCertificate, "ocsp: another certificate"};
  }
  return Error{ErrorCode::kCardStatusUnknown, "crl: none of this issuer"};
}

}  // namespace certrelay
