#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"

struct evp_pkey_st;

namespace certrelay {

enum class PkiKeyKind : std::uint8_t { kRsa2048, kEcP256, kEcP384 };

// A private key of the fictional city. Copies share one key; safe to use from several threads.
class PkiKey {
 public:
  // RSA takes 50 to 100 ms, an elliptic key less than one: make few RSA keys and share them.
  // Errors: kInternal.
  static Result<PkiKey> generate(PkiKeyKind kind);
  // Errors: kMalformed for anything but one PKCS#8 key that the pass phrase opens.
  static Result<PkiKey> from_pkcs8_pem(std::string_view pem, std::string_view passphrase);

  // PKCS#8 PEM under AES-256-CBC and PBKDF2; unencrypted with an empty pass phrase.
  Result<std::string> to_pkcs8_pem(std::string_view passphrase) const;
  // SubjectPublicKeyInfo, DER.
  Bytes public_key_der() const;
  // What a card does: RSASSA-PKCS1-v1_5 with SHA-256, ECDSA (DER) with SHA-256 on P-256 and with
  // SHA-384 on P-384. Errors: kInternal.
  Result<Bytes> sign(ByteView payload) const;

  evp_pkey_st* handle() const { return key_.get(); }

 private:
  explicit PkiKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

// "-----BEGIN <label>-----" and so on: CERTIFICATE, X509 CRL, PUBLIC KEY.
std::string to_pem(ByteView der, const char* label);

}  // namespace certrelay
