#include "relay/identity/path.hpp"

#include <algorithm>

#include "relay/identity/path_checks.hpp"
#include "relay/identity/policy_state.hpp"

namespace certrelay {
namespace {

bool is_self_issued(const CertificateView& view, const PathRules& rules) {
  return names_match(view.issuer, view.subject, rules.names);
}

// A whole path, `issuers` from the leaf's upwards, the anchor last; signatures are already checked.
class PathValidation {
 public:
  PathValidation(const CertificateView& leaf, const std::vector<const Authority*>& issuers,
                 const PathRules& rules, UtcTime now)
      : leaf_(leaf),
        issuers_(issuers),
        rules_(rules),
        now_(now),
        policies_(issuers.size(), rules) {}

  Result<std::shared_ptr<const Crl>> run() {
    CERTRELAY_TRY(check_anchor());
    for (std::size_t i = issuers_.size() - 1; i > 0; --i) {
      CERTRELAY_TRY(pass_intermediate(*issuers_[i], issuers_[i - 1]->view));
    }
    CERTRELAY_TRY(check_leaf_dates(leaf_, now_));
    CERTRELAY_TRY(refuse_unimplemented(leaf_));
    if (rules_.jpki) {
      CERTRELAY_TRY(check_card_rules(leaf_, rules_));
    }
    CERTRELAY_TRY(policies_.process(leaf_, true, is_self_issued(leaf_, rules_)));
    CERTRELAY_TRY(policies_.wrap_up(leaf_));
    if (!rules_.check_revocation) return std::shared_ptr<const Crl>();
    CERTRELAY_TRY(check_status(*issuers_.front(), leaf_.serial, rules_, now_, Subject::kCard));
    return issuers_.front()->crl;
  }

 private:
  // Its dates and constraints count too, though RFC 5280 leaves that open (§6.1.1 (d)).
  Result<void> check_anchor() {
    const auto& view = issuers_.back()->view;
    CERTRELAY_TRY(check_issuer_dates(view, now_));
    CERTRELAY_TRY(refuse_unimplemented(view));
    CERTRELAY_TRY(check_may_issue(view, rules_));
    lower_path_length(view);
    return ok();
  }

  Result<void> pass_intermediate(const Authority& issuer, const CertificateView& view) {
    const bool self_issued = is_self_issued(view, rules_);
    CERTRELAY_TRY(check_issuer_dates(view, now_));
    CERTRELAY_TRY(refuse_unimplemented(view));
    if (rules_.check_revocation) {
      CERTRELAY_TRY(check_status(issuer, view.serial, rules_, now_, Subject::kIssuer));
    }
    CERTRELAY_TRY(policies_.process(view, false, self_issued));
    CERTRELAY_TRY(check_may_issue(view, rules_));
    if (!self_issued) {
      if (path_length_ == 0) return Error{ErrorCode::kPathTooLong, "path: length constraint"};
      --path_length_;
    }
    lower_path_length(view);
    policies_.prepare_next(view, self_issued);
    return ok();
  }

  void lower_path_length(const CertificateView& view) {
    if (!view.basic_constraints || !view.basic_constraints->path_length) return;
    path_length_ = std::min(path_length_, *view.basic_constraints->path_length);
  }

  const CertificateView& leaf_;
  const std::vector<const Authority*>& issuers_;
  const PathRules& rules_;
  UtcTime now_;
  PolicyState policies_;
  std::uint64_t path_length_ = kPathMax;
};

// Depth first, anchors before intermediates.
class PathSearch {
 public:
  PathSearch(const TrustStore& store, const CertificateView& leaf, const PathRules& rules,
             UtcTime now)
      : store_(store), leaf_(leaf), rules_(rules), now_(now) {}

  Result<ValidPath> run() {
    if (climb(leaf_)) return std::move(found_);
    if (path_fault_) return *path_fault_;
    if (signature_fault_) return *signature_fault_;
    if (const auto& left_out = store_.left_out()) return *left_out;
    return Error{ErrorCode::kIssuerUnknown, "path: no pinned root"};
  }

 private:
  bool climb(const CertificateView& subject) {
    for (std::size_t i = 0; i < store_.anchors().size(); ++i) {
      const auto& anchor = store_.anchors()[i];
      if (!issued(anchor, subject)) continue;
      issuers_.push_back(&anchor);
      const bool valid = try_path(i);
      issuers_.pop_back();
      if (valid) return true;
    }
    if (issuers_.size() == kPathMax) return false;
    for (const auto& intermediate : store_.intermediates()) {
      const bool used =
          std::find(issuers_.begin(), issuers_.end(), &intermediate) != issuers_.end();
      if (used || !issued(intermediate, subject)) continue;
      issuers_.push_back(&intermediate);
      const bool valid = climb(intermediate.view);
      issuers_.pop_back();
      if (valid) return true;
    }
    return false;
  }

  bool issued(const Authority& issuer, const CertificateView& subject) {
    if (!names_match(issuer.view.subject, subject.issuer, rules_.names)) return false;
    const auto& wanted = subject.authority_key_id;
    const auto& offered = issuer.view.subject_key_id;
    if (wanted && offered && !same_bytes(*wanted, *offered)) return false;
    const auto fault = signature_error(issuer, subject);
    if (fault && !signature_fault_) signature_fault_ = fault;
    return !fault;
  }

  std::optional<Error> signature_error(const Authority& issuer, const CertificateView& subject) {
    if (++tries_ > kSignatureTriesMax) return Error{ErrorCode::kPathTooLong, "path: search bound"};
    const auto algorithm = parse_signature_algorithm(subject.signature_algorithm, rules_.keys,
                                                     ErrorCode::kCertificateAlgorithm);
    if (!algorithm) return algorithm.error();
    if (issuer.key.verifies(algorithm.value(), subject.tbs, subject.signature)) return {};
    return Error{ErrorCode::kCertificateSignature, "path: certificate signature"};
  }

  bool try_path(std::size_t anchor_index) {
    auto crl = PathValidation(leaf_, issuers_, rules_, now_).run();
    if (!crl) {
      if (!path_fault_) path_fault_ = crl.error();
      return false;
    }
    found_ = {anchor_index, std::move(crl).value()};
    return true;
  }

  const TrustStore& store_;
  const CertificateView& leaf_;
  const PathRules& rules_;
  UtcTime now_;
  std::vector<const Authority*> issuers_;
  std::size_t tries_ = 0;
  std::optional<Error> path_fault_;
  std::optional<Error> signature_fault_;
  ValidPath found_;
};

}  // namespace

Result<ValidPath> validate_path(const TrustStore& store, const CertificateView& leaf,
                                const PathRules& rules, UtcTime now) {
  for (const auto& anchor : store.anchors()) {
    if (same_bytes(anchor.der, leaf.whole)) {
      return Error{ErrorCode::kCardIsTrustAnchor, "path: the leaf is a root"};
    }
  }
  return PathSearch(store, leaf, rules, now).run();
}

}  // namespace certrelay
