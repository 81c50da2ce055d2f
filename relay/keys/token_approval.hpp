#pragma once

#include <array>
#include <memory>

#include "relay/keys/token_key.hpp"

namespace certrelay {

// An operator's Ed25519 key that lies in a PKCS#11 token and never leaves it (CKM_EDDSA): private
// and public object of one label. One thread at a time.
class TokenApproval {
 public:
  // Errors: kTokenUnusable (module, token, PIN, or not exactly one Ed25519 pair of that label).
  static Result<std::unique_ptr<TokenApproval>> open(const TokenSettings& settings);
  ~TokenApproval();

  // SubjectPublicKeyInfo, DER (RFC 8410).
  const Bytes& spki() const { return spki_; }
  // Errors: kTokenFailed.
  Result<std::array<std::uint8_t, 64>> sign(ByteView message) const;

  // For open() alone.
  TokenApproval(std::unique_ptr<TokenSession> session, unsigned long key, Bytes spki);

 private:
  std::unique_ptr<TokenSession> session_;
  unsigned long key_;
  Bytes spki_;
};

}  // namespace certrelay
