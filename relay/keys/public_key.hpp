#pragma once

#include "relay/keys/private_key.hpp"

namespace certrelay {

// A pinned public key: ECDSA P-256 or Ed25519 and nothing else. Safe to use from several threads.
class PublicKey {
 public:
  // One "PUBLIC KEY" block (RFC 7468 §13) and nothing else. Errors: kKeyUnusable.
  static Result<PublicKey> from_pem(std::string_view pem, KeyType type);
  // SubjectPublicKeyInfo, DER. Errors: kKeyUnusable (also: trailing bytes, an explicit curve).
  static Result<PublicKey> from_spki(ByteView der, KeyType type);

  // See key_id() of protocol/wire/answer_signature.hpp.
  const std::string& id() const { return id_; }

  // `signature`: 64 bytes, r then s for ECDSA (over SHA-256). Errors: kBadSignature.
  Result<void> verify(ByteView message, ByteView signature) const;

 private:
  PublicKey(PkeyPtr key, KeyType type, std::string id);
  PkeyPtr key_;
  KeyType type_;
  std::string id_;
};

// The "PUBLIC KEY" block of a SubjectPublicKeyInfo.
std::string public_key_pem(ByteView spki_der);

}  // namespace certrelay
