#include "relay/keys/approval_key.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/wire/answer_signature.hpp"

namespace certrelay {

ApprovalKey::ApprovalKey(PrivateKey key) : key_(std::move(key)), keyid_(key_id(key_->spki())) {}
ApprovalKey::ApprovalKey(std::unique_ptr<TokenApproval> token)
    : token_(std::move(token)), keyid_(key_id(token_->spki())) {}

Result<ApprovalKey> ApprovalKey::from_pem(std::string_view pem, std::string_view pass_phrase) {
  CERTRELAY_TRY(auto key, PrivateKey::from_pem(pem, pass_phrase, KeyType::kEd25519));
  return ApprovalKey(std::move(key));
}

Result<ApprovalKey> ApprovalKey::generate() {
  CERTRELAY_TRY(auto key, PrivateKey::generate(KeyType::kEd25519));
  return ApprovalKey(std::move(key));
}

Result<ApprovalKey> ApprovalKey::from_token(const TokenSettings& settings) {
  CERTRELAY_TRY(auto token, TokenApproval::open(settings));
  // What the token calls its public key is one (RFC 8032's encoding of a point).
  CERTRELAY_TRY(PublicKey::from_spki(token->spki(), KeyType::kEd25519));
  return ApprovalKey(std::move(token));
}

Result<std::string> ApprovalKey::encrypted_pem(std::string_view pass_phrase) const {
  if (!key_) return Error{ErrorCode::kKeyUnusable, "approval key: lies in a token"};
  return key_->encrypted_pem(pass_phrase, PassPhraseOrigin::kChosen);
}

Result<PersonalSignature> ApprovalKey::sign(ByteView message) const {
  PersonalSignature out{keyid_, {}};
  if (token_) {
    CERTRELAY_TRY(out.signature, token_->sign(message));
    return out;
  }
  CERTRELAY_TRY(const auto bytes, key_->sign(message));
  CERTRELAY_CHECK(bytes.size() == out.signature.size());
  std::ranges::copy(bytes, out.signature.begin());
  return out;
}

Result<void> verify_personal(ByteView spki, ByteView message, const PersonalSignature& signature) {
  if (signature.keyid != key_id(spki)) {
    return Error{ErrorCode::kForeignSignature, "signature: another key"};
  }
  CERTRELAY_TRY(const auto key, PublicKey::from_spki(spki, KeyType::kEd25519));
  return key.verify(message, signature.signature);
}

}  // namespace certrelay
