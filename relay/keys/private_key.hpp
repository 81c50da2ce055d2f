// A private key held by OpenSSL, and how such keys lie on disk: PKCS#8 in PEM, encrypted under a
// pass phrase (PBES2: PBKDF2 with HMAC-SHA-256, AES-256-CBC), never in the clear.
// docs/decisions/0070 says why rounds follow the pass phrase.
#pragma once

#include <memory>

#include "protocol/base/bytes.hpp"

struct evp_pkey_st;
struct evp_pkey_ctx_st;

namespace certrelay {

struct FreePkey {
  void operator()(evp_pkey_st* key) const;
};
using PkeyPtr = std::unique_ptr<evp_pkey_st, FreePkey>;
struct FreePkeyContext {
  void operator()(evp_pkey_ctx_st* context) const;
};
using PkeyContextPtr = std::unique_ptr<evp_pkey_ctx_st, FreePkeyContext>;

enum class KeyType : std::uint8_t { kEcdsaP256, kEd25519 };

// Where a pass phrase comes from: a person may choose one that can be guessed; a machine drew at
// least 128 random bits, which no number of rounds makes harder to guess.
enum class PassPhraseOrigin : std::uint8_t { kChosen, kRandom };

// Whether that key, private or public, is of that type and, for ECDSA, of the named curve.
bool is_key_of(const evp_pkey_st* key, KeyType type);

// Move-only; the memory of the key is OpenSSL's, which wipes it when it dies.
class PrivateKey {
 public:
  // One "ENCRYPTED PRIVATE KEY" block and nothing else. Errors: kWrongPassphrase; kKeyUnusable (not
  // such a block, or a key of another type or curve than `type`).
  static Result<PrivateKey> from_pem(std::string_view pem, std::string_view pass_phrase,
                                     KeyType type);
  // A fresh key from OpenSSL's generator, for `init` and the fictional city. Errors: kInternal.
  static Result<PrivateKey> generate(KeyType type);

  // Precondition: a pass phrase (CHECK), for kRandom of 22 characters at least, which 128 bits fill
  // in base64url (CHECK). With kChosen it takes about 0.2 s by design, and so does each opening.
  // Errors: kInternal.
  Result<std::string> encrypted_pem(std::string_view pass_phrase, PassPhraseOrigin origin) const;
  // SubjectPublicKeyInfo, DER.
  const Bytes& spki() const { return spki_; }

  // ECDSA over SHA-256 (DER) or Ed25519 (64 bytes) over `message`. Errors: kInternal.
  Result<Bytes> sign(ByteView message) const;

 private:
  PrivateKey(PkeyPtr key, KeyType type, Bytes spki, PkeyContextPtr signing);
  Result<Bytes> sign_digest(ByteView digest) const;
  static Result<PrivateKey> wrap(PkeyPtr key, KeyType type);

  PkeyPtr key_;
  KeyType type_;
  Bytes spki_;
  // ECDSA alone: made ready once and copied for each signature, for the look-ups of algorithms cost
  // as much as the signature itself. Never used but to be copied.
  PkeyContextPtr signing_;
};

}  // namespace certrelay
