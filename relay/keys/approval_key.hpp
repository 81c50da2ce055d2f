// An operator's own Ed25519 key: the person's side signs actions, the vault's side has the public
// half in the account. It never passes a front.
#pragma once

#include "protocol/wire/operator_action.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {

// Move-only. Held by `certrelayctl` on the person's side, never by the vault.
class ApprovalKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable.
  static Result<ApprovalKey> from_pem(std::string_view pem, std::string_view pass_phrase);
  static Result<ApprovalKey> generate();

  const std::string& keyid() const { return keyid_; }
  const Bytes& spki() const { return key_.spki(); }
  Result<std::string> encrypted_pem(std::string_view pass_phrase) const {
    return key_.encrypted_pem(pass_phrase, PassPhraseOrigin::kChosen);
  }

  // Over bytes of protocol/wire/operator_action.hpp. Errors: kInternal.
  Result<PersonalSignature> sign(ByteView message) const;

 private:
  explicit ApprovalKey(PrivateKey key);
  PrivateKey key_;
  std::string keyid_;
};

// Whether the person with that public key (SubjectPublicKeyInfo, DER) signed `message`.
// Errors: kForeignSignature (another key's id), kKeyUnusable, kBadSignature.
Result<void> verify_personal(ByteView spki, ByteView message, const PersonalSignature& signature);

}  // namespace certrelay
