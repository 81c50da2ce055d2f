#include "relay/identity/path.hpp"

#include <algorithm>

#include "relay/identity/path_checks.hpp"
#include "relay/identity/policy_state.hpp"
#include "relay/identity/status_check.hpp"

namespace certrelay {
namespace {

constexpr Error kSearchBound{ErrorCode::kPathTooLong, "path: search bound"};

bool is_self_issued(const CertificateView& view, const PathRules& rules) {
  return names_match(view.issuer, view.subject, rules.names);
}

// A whole path, `issuers` from the leaf's upwards, the anchor last; signatures are already checked.
class PathValidation {
 public:
  PathValidation(const TrustStore& store, const CertificateView& leaf,
                 const std::vector<const Authority*>& issuers, const PathRules& rules, UtcTime now)
      : store_(store),
        leaf_(leaf),
        issuers_(issuers),
        rules_(rules),
        now_(now),
        policies_(issuers.size(), rules) {}

  Result<std::shared_ptr<const Crl>> run() {
    CERTRELAY_TRY(check_anchor());
    for (std::size_t i = issuers_.size() - 1; i > 0; --i) {
      CERTRELAY_TRY(pass_intermediate(from(i), issuers_[i - 1]->view));
    }
    CERTRELAY_TRY(check_leaf_dates(leaf_, now_));
    CERTRELAY_TRY(refuse_unimplemented(leaf_));
    if (rules_.jpki) {
      CERTRELAY_TRY(check_card_rules(leaf_, rules_));
    }
    CERTRELAY_TRY(refuse_contradictions(leaf_, rules_));
    for (const auto* issuer : issuers_) {
      CERTRELAY_TRY(check_purposes(issuer->view, leaf_));
    }
    CERTRELAY_TRY(policies_.process(leaf_, true, is_self_issued(leaf_, rules_)));
    CERTRELAY_TRY(policies_.wrap_up(leaf_));
    if (!rules_.check_revocation) return std::shared_ptr<const Crl>();
    CERTRELAY_TRY(check_status(store_, from(0), leaf_, rules_, now_, Subject::kCard));
    return issuers_.front()->crl;
  }

 private:
  // Its dates and constraints count too, though RFC 5280 leaves that open (§6.1.1 (d)).
  Result<void> check_anchor() {
    const auto& view = issuers_.back()->view;
    CERTRELAY_TRY(check_issuer_dates(view, now_));
    CERTRELAY_TRY(refuse_unimplemented(view));
    CERTRELAY_TRY(check_may_issue(view, rules_));
    CERTRELAY_TRY(refuse_contradictions(view, rules_));
    // §4.2.1.9: critical in whatever a CA says of itself; of a root nobody else says it.
    if (!rules_.jpki && !view.basic_constraints->critical) {
      return Error{ErrorCode::kTrustAnchorInvalid, "path: basic constraints not critical"};
    }
    lower_path_length(view);
    return ok();
  }

  // The issuer of the certificate below, and whoever stands above.
  std::span<const Authority* const> from(std::size_t i) const {
    return std::span(issuers_).subspan(i);
  }

  Result<void> pass_intermediate(std::span<const Authority* const> above,
                                 const CertificateView& view) {
    const bool self_issued = is_self_issued(view, rules_);
    CERTRELAY_TRY(check_issuer_dates(view, now_));
    CERTRELAY_TRY(refuse_unimplemented(view));
    if (rules_.check_revocation) {
      CERTRELAY_TRY(check_status(store_, above, view, rules_, now_, Subject::kIssuer));
    }
    CERTRELAY_TRY(policies_.process(view, false, self_issued));
    CERTRELAY_TRY(check_may_issue(view, rules_));
    CERTRELAY_TRY(refuse_contradictions(view, rules_));
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

  const TrustStore& store_;
  const CertificateView& leaf_;
  const std::vector<const Authority*>& issuers_;
  const PathRules& rules_;
  UtcTime now_;
  PolicyState policies_;
  std::uint64_t path_length_ = kPathMax;
};

// Depth first, anchors before intermediates; every path of those that were given is tried, so
// their order never matters. What was found of one pair is remembered.
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
    if (++steps_ > kSearchStepsMax) {
      if (!signature_fault_) signature_fault_ = kSearchBound;
      return false;
    }
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
    for (const auto& known : known_) {
      if (known.issuer == &issuer && known.subject == &subject) return known.issued;
    }
    const bool answer = find_out_issued(issuer, subject);
    known_.push_back({&issuer, &subject, answer});
    return answer;
  }

  bool find_out_issued(const Authority& issuer, const CertificateView& subject) {
    if (!names_match(issuer.view.subject, subject.issuer, rules_.names)) return false;
    const auto key_ids = check_key_identifiers(issuer.view, subject, rules_);
    if (!key_ids && key_ids.error().code == ErrorCode::kIssuerUnknown) return false;
    auto fault = signature_error(issuer, subject);
    if (!fault && !key_ids) fault = key_ids.error();
    if (fault && !signature_fault_) signature_fault_ = fault;
    return !fault;
  }

  std::optional<Error> signature_error(const Authority& issuer, const CertificateView& subject) {
    if (++tries_ > kSignatureTriesMax) return kSearchBound;
    const auto algorithm = parse_signature_algorithm(subject.signature_algorithm, rules_.keys,
                                                     ErrorCode::kCertificateAlgorithm);
    if (!algorithm) return algorithm.error();
    if (issuer.key.verifies(algorithm.value(), subject.tbs, subject.signature)) return {};
    return Error{ErrorCode::kCertificateSignature, "path: certificate signature"};
  }

  bool try_path(std::size_t anchor_index) {
    auto crl = PathValidation(store_, leaf_, issuers_, rules_, now_).run();
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
  struct Known {
    const Authority* issuer;
    const CertificateView* subject;
    bool issued;
  };
  std::vector<Known> known_;
  std::size_t tries_ = 0;
  std::size_t steps_ = 0;
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
