#include "relay/identity/card_verifier.hpp"

#include <algorithm>

namespace certrelay {
namespace {

Result<std::vector<Bytes>> split_all(std::vector<Bytes> files, std::string_view label) {
  std::vector<Bytes> out;
  for (auto& file : files) {
    CERTRELAY_TRY(auto blocks, split_pem(std::move(file), label));
    std::move(blocks.begin(), blocks.end(), std::back_inserter(out));
  }
  return out;
}

// A client that signs the bare challenge can be made to sign for anybody: it is told apart from one
// that signed something else. The challenge is the end of the payload (protocol/wire/FORMAT.md).
bool is_over_challenge_alone(const CardPublicKey& key, SignatureAlgorithm algorithm,
                             ByteView payload, ByteView signature) {
  constexpr std::string_view kPrefix = "certrelay card challenge v1";
  constexpr std::size_t kChallengeBytes = 32;
  return as_text(payload).starts_with(kPrefix) &&
         payload.size() > kPrefix.size() + kChallengeBytes &&
         key.verifies(algorithm, payload.last(kChallengeBytes), signature);
}

Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

CrlMark mark_of(const Authority& root) {
  return {copy_of(root.view.subject), root.key_digest, root.crl->number, root.crl->this_update,
          root.crl->next_update};
}

}  // namespace

Result<std::unique_ptr<CardVerifier>> CardVerifier::load(CardConfig config) {
  if (config.roots.empty()) return Error{ErrorCode::kTrustAnchorInvalid, "trust anchor: none"};
  CERTRELAY_TRY(auto rules, rules_of(config.purposes));
  rules.crl_age_max = config.crl_age_max;
  TrustMaterial material;
  CERTRELAY_TRY(material.anchors_der, split_all(std::move(config.roots), "CERTIFICATE"));
  CERTRELAY_TRY(material.crls_der, split_all(std::move(config.crls), "X509 CRL"));
  CERTRELAY_TRY(auto store, TrustStore::load(material, rules));
  return std::make_unique<CardVerifier>(Passkey{}, std::move(store), std::move(rules));
}

Result<VerifiedCard> CardVerifier::verify(ByteView certificate_der, ByteView signed_payload,
                                          ByteView signature, CardAlgorithm algorithm,
                                          UtcTime now) const {
  CERTRELAY_TRY(const auto leaf, parse_certificate(certificate_der));
  CERTRELAY_TRY(const auto path, validate_path(store_, leaf, rules_, now));
  CERTRELAY_TRY(
      check_payload_signature(leaf.spki, algorithm, signed_payload, signature, rules_.keys));
  return VerifiedCard{{copy_of(leaf.issuer), copy_of(leaf.serial)},
                      leaf.not_before,
                      leaf.not_after,
                      path.crl ? path.crl->number : 0,
                      path.crl ? path.crl->this_update : UtcTime{},
                      path.anchor_index};
}

CardHealth CardVerifier::health() const {
  CardHealth health;
  health.every_issuer_has_crl = true;
  for (const auto& root : store_.anchors()) {
    CardIssuer issuer{copy_of(root.view.subject), root.key_digest, root.view.not_after, {}, 0};
    if (root.crl) {
      issuer.crls.push_back(mark_of(root));
      issuer.revoked = root.crl->revoked.size();
      const auto& mark = issuer.crls.back();
      const bool first = health.earliest_next_update == UtcTime{};
      health.newest_this_update = std::max(health.newest_this_update, mark.this_update);
      health.earliest_next_update =
          first ? mark.next_update : std::min(health.earliest_next_update, mark.next_update);
    } else {
      health.every_issuer_has_crl = false;
    }
    health.issuers.push_back(std::move(issuer));
  }
  return health;
}

Result<void> check_payload_signature(ByteView spki, CardAlgorithm algorithm, ByteView payload,
                                     ByteView signature, const KeyRules& rules) {
  CERTRELAY_TRY(const auto key, CardPublicKey::from_spki(spki, rules));
  const auto wanted = signature_algorithm_of(algorithm);
  if (!key.fits(wanted)) {
    return Error{ErrorCode::kCardAlgorithmMismatch, "card: algorithm"};
  }
  if (!key.verifies(wanted, payload, signature)) {
    if (is_over_challenge_alone(key, wanted, payload, signature)) {
      return Error{ErrorCode::kCardSignedChallenge, "card: signature over the challenge alone"};
    }
    if (!key.is_signature_form(signature)) {
      return Error{ErrorCode::kCardSignatureForm, "card: form of the signature"};
    }
    return Error{ErrorCode::kCardSignature, "card: signature"};
  }
  return ok();
}

}  // namespace certrelay
