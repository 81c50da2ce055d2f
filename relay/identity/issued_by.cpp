#include "relay/identity/issued_by.hpp"

#include "relay/identity/path.hpp"
#include "relay/identity/path_checks.hpp"

namespace certrelay {

std::optional<Error> IssuedBy::fault(const Authority& issuer, const CertificateView& subject) {
  const auto [known, is_new] = known_.try_emplace({&issuer, &subject});
  if (is_new) known->second = find_out(issuer, subject);
  return known->second;
}

std::optional<Error> IssuedBy::find_out(const Authority& issuer, const CertificateView& subject) {
  if (!names_match(issuer.view.subject, subject.issuer, rules_.names)) {
    return Error{ErrorCode::kIssuerUnknown, "path: another issuer"};
  }
  const auto key_ids = check_key_identifiers(issuer.view, subject, rules_);
  if (!key_ids && key_ids.error().code == ErrorCode::kIssuerUnknown) return key_ids.error();
  auto fault = signature_fault(issuer, subject);
  if (!fault && !key_ids) fault = key_ids.error();
  return fault;
}

std::optional<Error> IssuedBy::signature_fault(const Authority& issuer,
                                               const CertificateView& subject) {
  if (++tries_ > kSignatureTriesMax) {
    return Error{ErrorCode::kPathTooLong, "path: signatures tried"};
  }
  const auto algorithm = parse_signature_algorithm(subject.signature_algorithm, rules_.keys,
                                                   ErrorCode::kCertificateAlgorithm);
  if (!algorithm) return algorithm.error();
  if (issuer.key.verifies(algorithm.value(), subject.tbs, subject.signature)) return {};
  return Error{ErrorCode::kCertificateSignature, "path: certificate signature"};
}

}  // namespace certrelay
