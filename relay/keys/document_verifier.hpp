#pragma once

#include "protocol/seal/printed_seal.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {

// Checks what a DocumentKey signed, by its pinned certificate alone: no chain is built, nothing is
// asked. Safe to use from several threads.
class DocumentVerifier {
 public:
  // The signer's certificate: the first block of `pem`. Errors: kKeyUnusable.
  static Result<DocumentVerifier> from_pem(std::string_view pem);

  // As a printed seal names the key.
  const SealKeyHint& seal_key_hint() const { return hint_; }

  // A detached CMS signature of content with that digest, read by OpenSSL: one signer, SHA-256, the
  // three signed attributes of DocumentKey::sign_detached(), the certificate named by its hash.
  // Errors: kDocumentUnsigned (no such signature, or of another certificate), kDocumentAltered.
  Result<void> verify_detached(ByteView cms, const Digest& content) const;
  // Errors: kDocumentAltered.
  Result<void> verify(ByteView message, const RawSignature& signature) const;

 private:
  DocumentVerifier(Bytes certificate, PublicKey key, SealKeyHint hint)
      : certificate_(std::move(certificate)), key_(std::move(key)), hint_(hint) {}
  Bytes certificate_;  // DER
  PublicKey key_;
  SealKeyHint hint_;
};

}  // namespace certrelay
