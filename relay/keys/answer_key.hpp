// The key that answers are signed with, one a listener, apart from TLS (R44, INV-3).
#pragma once

#include "protocol/base/time.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/private_key.hpp"

namespace certrelay {

// ECDSA P-256. Move-only. Safe to use from several threads.
class AnswerKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable.
  static Result<AnswerKey> from_pem(std::string_view pem, std::string_view pass_phrase);
  static Result<AnswerKey> generate();

  const std::string& keyid() const { return keyid_; }
  const Bytes& spki() const { return key_.spki(); }
  Result<std::string> encrypted_pem(std::string_view pass_phrase) const {
    return key_.encrypted_pem(pass_phrase);
  }

  // Over a signature base (answer_signature.hpp). Errors: kInternal.
  Result<RawSignature> sign(std::string_view base) const;

 private:
  explicit AnswerKey(PrivateKey key);
  PrivateKey key_;
  std::string keyid_;
};

// Completes a finished answer: adds content-digest (where there is a body), signature-input and
// signature. An answer that has one of them already, or lacks a covered header, is refused.
// Errors: kCoverageDiffers, kMalformed, kInternal.
Result<void> sign_answer(HttpAnswer& answer, const RequestParts& request, const AnswerKey& key,
                         UtcTime now);

}  // namespace certrelay
