#include "relay/identity/path.hpp"

#include <algorithm>
#include <map>

#include "relay/identity/path_checks.hpp"
#include "relay/identity/policy_state.hpp"
#include "relay/identity/status_check.hpp"

namespace certrelay {
namespace {

bool is_self_issued(const CertificateView& view, const PathRules& rules) {
  return names_match(view.issuer, view.subject, rules.names);
}

// A whole path, `issuers` from the leaf's upwards, the anchor last; signatures are already checked.
class PathValidation {
 public:
  PathValidation(const CertificateView& leaf, const std::vector<const Authority*>& issuers,
                 const StatusSources& from)
      : leaf_(leaf),
        issuers_(issuers),
        from_(from),
        rules_(from.rules),
        now_(from.now),
        policies_(issuers.size(), from.rules) {}

  Result<std::shared_ptr<const Crl>> run() {
    CERTRELAY_TRY(check_anchor());
    for (std::size_t i = issuers_.size() - 1; i > 0; --i) {
      CERTRELAY_TRY(pass_intermediate(above(i), issuers_[i - 1]->view));
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
    CERTRELAY_TRY(check_status(from_, above(0), leaf_, Subject::kCard));
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
  std::span<const Authority* const> above(std::size_t i) const {
    return std::span(issuers_).subspan(i);
  }

  Result<void> pass_intermediate(std::span<const Authority* const> issuers,
                                 const CertificateView& view) {
    const bool self_issued = is_self_issued(view, rules_);
    CERTRELAY_TRY(check_issuer_dates(view, now_));
    CERTRELAY_TRY(refuse_unimplemented(view));
    if (rules_.check_revocation) {
      CERTRELAY_TRY(check_status(from_, issuers, view, Subject::kIssuer));
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

  const CertificateView& leaf_;
  const std::vector<const Authority*>& issuers_;
  const StatusSources& from_;
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
      : store_(store), leaf_(leaf), rules_(rules), from_{store, rules, now, budget_} {}

  Result<ValidPath> run() {
    const auto leafs_issuer = name_key(leaf_.issuer, rules_.names);
    if (climb(leaf_, leafs_issuer)) return std::move(found_);
    if (path_fault_) return *path_fault_;
    if (signature_fault_) return *signature_fault_;
    if (const auto& left_out = store_.left_out()) return *left_out;
    return no_path(leafs_issuer);
  }

  PathCost cost() const {
    return {budget_.certificates.made(), budget_.list_signers.made(), budget_.answers.made()};
  }

 private:
  // Nothing was wrong with any path, for there is none: what stood in the way.
  Error no_path(const std::string& leafs_issuer) const {
    if (too_deep_) return {ErrorCode::kPathTooLong, "path: more certificates than are followed"};
    if (key_fault_) return *key_fault_;
    if (climbed_) return {ErrorCode::kIssuerWithoutRoot, "path: an intermediate without a root"};
    const auto& other = rules_.other_purpose_issuers;
    if (rules_.jpki && std::find(other.begin(), other.end(), leafs_issuer) != other.end()) {
      return {ErrorCode::kIssuerOfOtherPurpose, "path: issuer of signing certificates"};
    }
    return {ErrorCode::kIssuerUnknown, "path: no pinned root"};
  }

  // `issuer`: name_key() of the subject's issuer.
  bool climb(const CertificateView& subject, const std::string& issuer) {
    if (!take_step()) return false;
    for (std::size_t i = 0; i < store_.anchors().size(); ++i) {
      const auto& anchor = store_.anchors()[i];
      if (anchor.subject_key != issuer || !issued(anchor, subject)) continue;
      if (!take_step()) return false;
      issuers_.push_back(&anchor);
      const bool valid = try_path(i);
      issuers_.pop_back();
      if (valid) return true;
    }
    if (issuers_.size() == kPathMax) {
      too_deep_ = true;
      return false;
    }
    for (const auto& intermediate : store_.intermediates()) {
      if (intermediate.subject_key != issuer || is_used(intermediate) ||
          !issued(intermediate, subject)) {
        continue;
      }
      climbed_ = true;
      issuers_.push_back(&intermediate);
      const bool valid = climb(intermediate.view, intermediate.issuer_key);
      issuers_.pop_back();
      if (valid) return true;
    }
    return false;
  }

  bool take_step() {
    const bool within = budget_.take_step();
    if (!within && !signature_fault_) signature_fault_ = kSearchBound;
    return within;
  }

  bool is_used(const Authority& authority) const {
    return std::find(issuers_.begin(), issuers_.end(), &authority) != issuers_.end();
  }

  // Of two whose names fit.
  bool issued(const Authority& issuer, const CertificateView& subject) {
    const std::pair asked{&issuer, &subject};
    const auto found = known_.find(asked);
    return found != known_.end()
               ? found->second
               : known_.emplace(asked, find_out_issued(issuer, subject)).first->second;
  }

  bool find_out_issued(const Authority& issuer, const CertificateView& subject) {
    const auto key_ids = check_key_identifiers(issuer.view, subject, rules_);
    if (!key_ids && key_ids.error().code == ErrorCode::kIssuerKeyDiffers) {
      if (!key_fault_) key_fault_ = key_ids.error();
      return false;
    }
    auto fault = signature_error(issuer, subject);
    if (!fault && !key_ids) fault = key_ids.error();
    if (fault && !signature_fault_) signature_fault_ = fault;
    return !fault;
  }

  std::optional<Error> signature_error(const Authority& issuer, const CertificateView& subject) {
    const auto algorithm = parse_signature_algorithm(subject.signature_algorithm, rules_.keys,
                                                     ErrorCode::kCertificateAlgorithm);
    if (!algorithm) return algorithm.error();
    const auto verified =
        budget_.certificates.verified(issuer.key, issuer.key_digest, algorithm.value(), subject.tbs,
                                      subject.signature, subject.whole);
    if (!verified) return kSearchBound;
    if (*verified) return {};
    return Error{ErrorCode::kCertificateSignature, "path: certificate signature"};
  }

  bool try_path(std::size_t anchor_index) {
    auto crl = PathValidation(leaf_, issuers_, from_).run();
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
  SearchBudget budget_;
  const StatusSources from_;
  std::vector<const Authority*> issuers_;
  std::map<std::pair<const Authority*, const CertificateView*>, bool> known_;
  bool climbed_ = false;
  bool too_deep_ = false;
  std::optional<Error> path_fault_;
  std::optional<Error> signature_fault_;
  std::optional<Error> key_fault_;
  ValidPath found_;
};

}  // namespace

Result<ValidPath> validate_path(const TrustStore& store, const CertificateView& leaf,
                                const PathRules& rules, UtcTime now, PathCost* cost) {
  for (const auto& anchor : store.anchors()) {
    if (same_bytes(anchor.der, leaf.whole)) {
      return Error{ErrorCode::kCardIsTrustAnchor, "path: the leaf is a root"};
    }
  }
  PathSearch search(store, leaf, rules, now);
  auto found = search.run();
  if (cost != nullptr) *cost = search.cost();
  return found;
}

}  // namespace certrelay
