// An operator's own Ed25519 key, in a file or in a PKCS#11 token: the person's side signs actions,
// the vault's side has the public half in the account. It never passes a front.
#pragma once

#include <optional>

#include "protocol/wire/operator_action.hpp"
#include "relay/keys/public_key.hpp"
#include "relay/keys/token_approval.hpp"

namespace certrelay {

// Move-only. Held by `certrelayctl` on the person's side, never by the vault.
class ApprovalKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable.
  static Result<ApprovalKey> from_pem(std::string_view pem, std::string_view pass_phrase);
  static Result<ApprovalKey> generate();
  // The pair of `settings.label` in a PKCS#11 token. Errors: kTokenUnusable, kKeyUnusable.
  static Result<ApprovalKey> from_token(const TokenSettings& settings);

  const std::string& keyid() const { return keyid_; }
  const Bytes& spki() const { return key_ ? key_->spki() : token_->spki(); }
  // Of a generated one. Errors: kKeyUnusable (it lies in a token and never leaves it).
  Result<std::string> encrypted_pem(std::string_view pass_phrase) const;

  // Over bytes of protocol/wire/operator_action.hpp. Errors: kInternal, kTokenFailed.
  Result<PersonalSignature> sign(ByteView message) const;

 private:
  explicit ApprovalKey(PrivateKey key);
  explicit ApprovalKey(std::unique_ptr<TokenApproval> token);
  std::optional<PrivateKey> key_;  // or else:
  std::unique_ptr<TokenApproval> token_;
  std::string keyid_;
};

// Whether the person with that public key (SubjectPublicKeyInfo, DER) signed `message`.
// Errors: kForeignSignature (another key's id), kKeyUnusable, kBadSignature.
Result<void> verify_personal(ByteView spki, ByteView message, const PersonalSignature& signature);

}  // namespace certrelay
