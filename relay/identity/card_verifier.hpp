// The card's whole verification, for the server and for `certrelayctl card verify` alike.
#pragma once

#include <memory>
#include <string>

#include "relay/identity/card_purposes.hpp"
#include "relay/identity/path.hpp"
#include "relay/ports/card_port.hpp"

namespace certrelay {

// What a site configures. Files are read by the caller (relay/env) and handed in as bytes.
struct CardConfig {
  std::vector<Bytes> roots;                         // a DER or PEM file each; PEM may hold several
  std::vector<Bytes> crls;                          // a DER or PEM file each
  PurposeChoices purposes;                          // policies and algorithms
  std::optional<std::chrono::seconds> crl_age_max;  // since thisUpdate
};

class CardVerifier final : public CardPort {
  struct Passkey {
    explicit Passkey() = default;
  };

 public:
  // load() alone can call this.
  CardVerifier(Passkey, TrustStore store, PathRules rules)
      : store_(std::move(store)), rules_(std::move(rules)) {}

  // Every root must be usable and every list verified; an expired list loads, and its cards are
  // refused. Errors: kTrustAnchorInvalid (none given, too), kMalformed (PEM, a choice that
  // fault_of() names), kCrl..., kLimitExceeded.
  static Result<std::unique_ptr<CardVerifier>> load(CardConfig config);

  Result<VerifiedCard> verify(ByteView certificate_der, ByteView signed_payload, ByteView signature,
                              CardAlgorithm algorithm, UtcTime now) const override;
  CardHealth health() const override;

  // For a step that asks about a card before it is verified (ocsp_step.hpp).
  const TrustStore& store() const { return store_; }
  const PathRules& rules() const { return rules_; }

 private:
  TrustStore store_;
  PathRules rules_;
};

// The signature alone, under a whole SubjectPublicKeyInfo. Errors: kPublicKey...,
// kCardAlgorithmMismatch, kCardSignature..., kCardSignedChallenge.
Result<void> check_payload_signature(ByteView spki, CardAlgorithm algorithm, ByteView payload,
                                     ByteView signature, const KeyRules& rules);

// The DER in a file: the file itself, not copied, or each PEM block with that label ("CERTIFICATE",
// "X509 CRL"). Errors: kMalformed, also for a PEM file without such a block.
Result<std::vector<Bytes>> split_pem(Bytes file, std::string_view label);

}  // namespace certrelay
