#include "relay/identity/path_checks.hpp"

#include <algorithm>

#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

bool states_one_of(const PolicyInformation& policies, const std::vector<Bytes>& wanted) {
  return std::any_of(policies.oids.begin(), policies.oids.end(), [&](ByteView one) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const Bytes& oid) { return same_bytes(oid, one); });
  });
}

// The policy, the card's key and its issuer's signature are those of one generation.
bool is_of_generation(const CertificateView& leaf, const CardGeneration& generation) {
  return states_one_of(*leaf.policies, generation.policies) &&
         CardPublicKey::check_spki(leaf.spki, generation.keys) &&
         parse_signature_algorithm(leaf.signature_algorithm, generation.keys,
                                   ErrorCode::kCardGeneration);
}

Result<void> check_generation(const CertificateView& leaf, const PathRules& rules) {
  const auto& all = rules.generations;
  if (all.empty()) return ok();
  // What no generation accepts has its own reason.
  CERTRELAY_TRY(CardPublicKey::check_spki(leaf.spki, rules.keys));
  if (std::any_of(all.begin(), all.end(),
                  [&](const auto& one) { return is_of_generation(leaf, one); })) {
    return ok();
  }
  return Error{ErrorCode::kCardGeneration, "card: policy and algorithm of different generations"};
}

bool names_purpose(const std::vector<ByteView>& purposes, std::string_view wanted) {
  return std::any_of(purposes.begin(), purposes.end(),
                     [&](ByteView one) { return as_text(one) == wanted; });
}

bool serves_client_authentication(const CertificateView& leaf) {
  if (!leaf.extended_key_usage) return true;
  return names_purpose(*leaf.extended_key_usage, oid::kClientAuth);
}

}  // namespace

Result<void> check_leaf_dates(const CertificateView& view, UtcTime now) {
  if (now < view.not_before) return Error{ErrorCode::kCertificateNotYetValid, "path: notBefore"};
  if (now > view.not_after) return Error{ErrorCode::kCertificateExpired, "path: notAfter"};
  return ok();
}

Result<void> check_issuer_dates(const CertificateView& view, UtcTime now) {
  if (now < view.not_before) return Error{ErrorCode::kIssuerNotYetValid, "path: notBefore"};
  if (now > view.not_after) return Error{ErrorCode::kIssuerExpired, "path: notAfter"};
  return ok();
}

Result<void> refuse_unimplemented(const CertificateView& view) {
  if (view.has_policy_mappings) {
    return Error{ErrorCode::kPolicyMappingUnsupported, "path: policy mappings"};
  }
  if (view.has_name_constraints) {
    return Error{ErrorCode::kNameConstraintsUnsupported, "path: name constraints"};
  }
  return ok();
}

bool sends_to_another_issuer(const CertificateView& view) {
  const auto& points = view.distribution_points;
  return std::any_of(points.begin(), points.end(),
                     [](const DistributionPoint& point) { return point.has_crl_issuer; });
}

Result<void> refuse_contradictions(const CertificateView& view, const PathRules& rules) {
  const bool may_sign = view.key_usage && (view.key_usage->bits & key_usage::kCertSign) != 0;
  if (may_sign && !(view.basic_constraints && view.basic_constraints->is_authority)) {
    return Error{ErrorCode::kKeyUsageContradicts, "path: keyCertSign without CA"};
  }
  if (rules.jpki && view.has_unique_ids) {
    return Error{ErrorCode::kCertificateUniqueId, "path: unique identifiers"};
  }
  // Nobody but the issuer speaks of a card here, and this one says that somebody else does.
  if (rules.jpki && sends_to_another_issuer(view)) {
    return Error{ErrorCode::kCertificateCrlIssuer, "path: another issuer's list"};
  }
  // Where a card's status is to be found is configured: points are read, and followed by nobody.
  if (rules.jpki && view.has_critical_distribution_points) {
    return Error{ErrorCode::kCertificateExtensionUnknown, "path: critical distribution points"};
  }
  if (rules.jpki && view.has_soft_policy_rule) {
    return Error{ErrorCode::kCertificateExtensionMalformed, "path: policy rule not critical"};
  }
  return ok();
}

bool names_another_issuer(const CertificateView& issuer, const CertificateView& subject,
                          const PathRules& rules) {
  const auto& wanted = subject.authority_key_id;
  const auto& offered = issuer.subject_key_id;
  if (wanted && offered && !same_bytes(*wanted, *offered)) return true;
  const auto& named = subject.authority_certificate;
  return named && !named->is(issuer.issuer, issuer.serial, rules.names);
}

Result<void> check_key_identifiers(const CertificateView& issuer, const CertificateView& subject,
                                   const PathRules& rules) {
  if (names_another_issuer(issuer, subject, rules)) {
    return Error{ErrorCode::kIssuerKeyDiffers, "path: another key identifier"};
  }
  if (!rules.jpki && subject.authority_key_id.has_value() != issuer.subject_key_id.has_value()) {
    return Error{ErrorCode::kKeyIdentifierMissing, "path: key identifier"};
  }
  return ok();
}

Result<void> check_purposes(const CertificateView& issuer, const CertificateView& leaf) {
  if (!issuer.extended_key_usage || !leaf.extended_key_usage) return ok();
  const auto& given = *issuer.extended_key_usage;
  const auto& wanted = *leaf.extended_key_usage;
  const bool shared = names_purpose(given, oid::kAnyExtendedKeyUsage) ||
                      names_purpose(wanted, oid::kAnyExtendedKeyUsage) ||
                      std::any_of(wanted.begin(), wanted.end(), [&](ByteView purpose) {
                        return names_purpose(given, as_text(purpose));
                      });
  if (!shared) return Error{ErrorCode::kCardExtendedKeyUsage, "path: purpose of the issuer"};
  return ok();
}

Result<void> check_may_issue(const CertificateView& view, const PathRules& rules) {
  if (!view.basic_constraints || !view.basic_constraints->is_authority) {
    return Error{ErrorCode::kIssuerNotAuthority, "path: issuer is no authority"};
  }
  const bool stated = view.key_usage.has_value();
  if (stated ? (view.key_usage->bits & key_usage::kCertSign) == 0 : rules.jpki) {
    return Error{ErrorCode::kIssuerKeyUsage, "path: issuer without keyCertSign"};
  }
  return ok();
}

Result<void> check_card_rules(const CertificateView& leaf, const PathRules& rules) {
  if (leaf.basic_constraints && leaf.basic_constraints->is_authority) {
    return Error{ErrorCode::kCardIsAuthority, "card: CA true"};
  }
  if (leaf.policies && states_one_of(*leaf.policies, rules.other_purpose_policies)) {
    return Error{ErrorCode::kCardOfOtherPurpose, "card: policy of signing certificates"};
  }
  if (!leaf.key_usage || !leaf.key_usage->critical ||
      leaf.key_usage->bits != key_usage::kDigitalSignature) {
    return Error{ErrorCode::kCardKeyUsage, "card: key usage"};
  }
  if (!leaf.policies || !leaf.policies->critical) {
    return Error{ErrorCode::kCardPolicyMissing, "card: policy"};
  }
  if (!states_one_of(*leaf.policies, rules.policies)) {
    return Error{ErrorCode::kCardPolicyNotAccepted, "card: policy"};
  }
  if (!serves_client_authentication(leaf)) {
    return Error{ErrorCode::kCardExtendedKeyUsage, "card: extended key usage"};
  }
  return check_generation(leaf, rules);
}

}  // namespace certrelay
