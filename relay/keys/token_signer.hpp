#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/token_key.hpp"

namespace certrelay {

// A P-256 private key that lies in a PKCS#11 token and never leaves it (CKM_ECDSA); the object is
// found by its label. Safe to use from several threads: one signature at a time.
class TokenSigner {
 public:
  // Errors: kTokenUnusable (module, token, PIN, or not exactly one private key of that label).
  static Result<std::unique_ptr<TokenSigner>> open(const TokenSettings& settings);
  ~TokenSigner();

  // ECDSA over SHA-256 of `message`. Errors: kTokenFailed.
  Result<RawSignature> sign(ByteView message) const;

  // For open() alone.
  TokenSigner(std::unique_ptr<TokenSession> session, unsigned long key);

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<TokenSession> session_;
  unsigned long key_;
};

}  // namespace certrelay
