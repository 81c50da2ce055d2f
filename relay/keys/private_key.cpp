#include "relay/keys/private_key.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "protocol/base/check.hpp"
#include "protocol/base/sha256.hpp"
#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

// OWASP's figure for PBKDF2 with HMAC-SHA-256; about 0.2 s a guess on one core.
constexpr int kPbkdf2Rounds = 600'000;
// A daemon opens five such files at each start, and residents wait meanwhile.
constexpr int kPbkdf2RoundsRandom = 10'000;
constexpr std::size_t kRandomCharactersMin = 22;
constexpr std::string_view kSealedPemBegin = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
constexpr std::string_view kSealedPemEnd = "-----END ENCRYPTED PRIVATE KEY-----";

using SealedPtr = OpensslPtr<X509_SIG, X509_SIG_free>;
using Pkcs8Ptr = OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

Error internal(std::string_view where) { return {ErrorCode::kInternal, where}; }

bool is_one_block(std::string_view pem) {
  const auto end = pem.find(kSealedPemEnd);
  if (!pem.starts_with(kSealedPemBegin) || end == std::string_view::npos) return false;
  const auto rest = pem.substr(end + kSealedPemEnd.size());
  return rest.find_first_not_of("\r\n") == std::string_view::npos;
}

}  // namespace

void FreePkey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void FreePkeyContext::operator()(evp_pkey_ctx_st* context) const { EVP_PKEY_CTX_free(context); }

PrivateKey::PrivateKey(PkeyPtr key, KeyType type, Bytes spki, PkeyContextPtr signing)
    : key_(std::move(key)), type_(type), spki_(std::move(spki)), signing_(std::move(signing)) {}

Result<PrivateKey> PrivateKey::wrap(PkeyPtr key, KeyType type) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  if (size <= 0) return internal("private key: public part");
  Bytes spki(der, der + size);
  OPENSSL_free(der);
  PkeyContextPtr signing;
  if (type == KeyType::kEcdsaP256) {
    signing.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (signing == nullptr || EVP_PKEY_sign_init(signing.get()) != 1 ||
        EVP_PKEY_CTX_set_signature_md(signing.get(), EVP_sha256()) != 1) {
      return internal("private key: signing");
    }
  }
  return PrivateKey(std::move(key), type, std::move(spki), std::move(signing));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view pass_phrase,
                                        KeyType type) {
  const Error unusable{ErrorCode::kKeyUnusable, "private key: not an encrypted key of this type"};
  if (!is_one_block(pem)) return unusable;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const SealedPtr sealed(PEM_read_bio_PKCS8(bio.get(), nullptr, nullptr, nullptr));
  if (sealed == nullptr) return unusable;
  const Pkcs8Ptr open(
      PKCS8_decrypt(sealed.get(), pass_phrase.data(), static_cast<int>(pass_phrase.size())));
  if (open == nullptr) return Error{ErrorCode::kWrongPassphrase, "private key: pass phrase"};
  PkeyPtr key(EVP_PKCS82PKEY(open.get()));
  if (key == nullptr) return unusable;
  if (!is_key_of(key.get(), type)) return unusable;
  return wrap(std::move(key), type);
}

Result<PrivateKey> PrivateKey::generate(KeyType type) {
  PkeyPtr key(type == KeyType::kEcdsaP256 ? EVP_EC_gen("P-256")
                                          : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return internal("private key: generate");
  return wrap(std::move(key), type);
}

Result<std::string> PrivateKey::encrypted_pem(std::string_view pass_phrase,
                                              PassPhraseOrigin origin) const {
  const bool chosen = origin == PassPhraseOrigin::kChosen;
  CERTRELAY_CHECK(pass_phrase.size() >= (chosen ? 1 : kRandomCharactersMin));
  const int rounds = chosen ? kPbkdf2Rounds : kPbkdf2RoundsRandom;
  const Pkcs8Ptr open(EVP_PKEY2PKCS8(key_.get()));
  if (open == nullptr) return internal("private key: PKCS#8");
  const SealedPtr sealed(PKCS8_encrypt(-1, EVP_aes_256_cbc(), pass_phrase.data(),
                                       static_cast<int>(pass_phrase.size()), nullptr, 0, rounds,
                                       open.get()));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (sealed == nullptr || PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) {
    return internal("private key: encrypt");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Result<Bytes> PrivateKey::sign_digest(ByteView digest) const {
  const PkeyContextPtr context(EVP_PKEY_CTX_dup(signing_.get()));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  std::size_t size = signature.size();
  if (context == nullptr ||
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1) {
    return internal("private key: sign");
  }
  signature.resize(size);
  return signature;
}

Result<Bytes> PrivateKey::sign(ByteView message) const {
  if (type_ == KeyType::kEcdsaP256) return sign_digest(sha256(message));
  const MdContextPtr context(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1) {
    return internal("private key: sign");
  }
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
    return internal("private key: sign");
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return internal("private key: sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace certrelay
