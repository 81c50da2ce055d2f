// Internal to relay/keys: one logged-in session of a PKCS#11 module.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/token_key.hpp"
#include "relay/keys/token_module.hpp"

namespace certrelay {

class TokenSession {
 public:
  static Result<std::unique_ptr<TokenSession>> open(const TokenSettings& settings);
  TokenSession(TokenModule module, std::string label)
      : module_(std::move(module)), calls_(&module_.calls()), label_(std::move(label)) {}
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;
  ~TokenSession();

  // Our objects of that id. Errors: kTokenFailed.
  Result<std::vector<CK_OBJECT_HANDLE>> find(Bytes id) const;
  Result<CK_OBJECT_HANDLE> make_key(Bytes id) const;
  Result<void> destroy(CK_OBJECT_HANDLE object) const;
  // Ciphertext and tag. Errors: kTokenFailed.
  Result<Bytes> encrypt(CK_OBJECT_HANDLE key, Bytes nonce, Bytes context, Bytes clear) const;
  // Errors: kSealBroken, kTokenFailed.
  Result<Bytes> decrypt(CK_OBJECT_HANDLE key, Bytes nonce, Bytes context, Bytes sealed) const;

  // The private keys of our label. Errors: kTokenFailed.
  Result<std::vector<CK_OBJECT_HANDLE>> find_signing_keys() const;
  // ECDSA over a SHA-256. Errors: kTokenFailed (also: not a P-256 key).
  Result<RawSignature> sign_p256(CK_OBJECT_HANDLE key, const Digest& digest) const;
  // CKA_EC_POINT of the one public key of our label. Errors: kTokenFailed, kTokenUnusable.
  Result<Bytes> public_point() const;
  // Errors: kTokenFailed (also: not an Ed25519 key).
  Result<std::array<std::uint8_t, 64>> sign_ed25519(CK_OBJECT_HANDLE key, Bytes message) const;

 private:
  Result<std::vector<CK_OBJECT_HANDLE>> find_all(std::span<CK_ATTRIBUTE> wanted) const;
  Result<CK_SLOT_ID> slot_of(const std::string& token) const;
  Result<void> log_in(CK_SLOT_ID slot, const std::string& pin);

  TokenModule module_;
  const CK_FUNCTION_LIST* calls_;
  std::string label_;
  std::optional<CK_SESSION_HANDLE> session_;
};

}  // namespace certrelay
