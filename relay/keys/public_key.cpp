#include "relay/keys/public_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kPublicPemBegin = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view kPublicPemEnd = "-----END PUBLIC KEY-----\n";
constexpr std::size_t kPemLine = 64;
constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kHalf = 32;

const Error kBad{ErrorCode::kBadSignature, "public key: signature"};
const Error kUnusableKey{ErrorCode::kKeyUnusable, "public key: not a key of this type"};

// OpenSSL verifies DER; RFC 9421 §3.3.4 carries r and s side by side.
Result<Bytes> to_der(ByteView raw) {
  const EcdsaPtr pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(raw.data(), kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(raw.data() + kHalf, kHalf, nullptr);
  if (pair == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return Error{ErrorCode::kInternal, "public key: numbers"};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return Error{ErrorCode::kInternal, "public key: DER"};
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace

bool is_key_of(const evp_pkey_st* key, KeyType type) {
  if (type == KeyType::kEd25519) return EVP_PKEY_is_a(key, "ED25519") == 1;
  if (EVP_PKEY_is_a(key, "EC") != 1) return false;
  std::array<char, 32> group{};
  std::size_t size = 0;
  // Fails for a curve that is spelled out by its parameters instead of named.
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(),
                                        &size) == 1 &&
         std::string_view(group.data(), size) == "prime256v1";
}

PublicKey::PublicKey(PkeyPtr key, KeyType type, std::string id)
    : key_(std::move(key)), type_(type), id_(std::move(id)) {}

Result<PublicKey> PublicKey::from_spki(ByteView der, KeyType type) {
  const unsigned char* at = der.data();
  PkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (key == nullptr || at != der.data() + der.size()) return kUnusableKey;
  if (!is_key_of(key.get(), type)) return kUnusableKey;
  return PublicKey(std::move(key), type, key_id(der));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem, KeyType type) {
  if (!pem.starts_with(kPublicPemBegin) || !pem.ends_with(kPublicPemEnd)) return kUnusableKey;
  const auto inner = pem.substr(kPublicPemBegin.size());
  std::string base64;
  for (const char c : inner.substr(0, inner.size() - kPublicPemEnd.size())) {
    if (c != '\n') base64 += c;
  }
  auto der = from_base64(base64);
  if (!der) return kUnusableKey;
  return from_spki(der.value(), type);
}

Result<void> PublicKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != kSignatureSize) return kBad;
  const bool ecdsa = type_ == KeyType::kEcdsaP256;
  Bytes encoded(signature.begin(), signature.end());
  if (ecdsa) {
    CERTRELAY_TRY(encoded, to_der(signature));
  }
  const MdContextPtr context(EVP_MD_CTX_new());
  const EVP_MD* digest = ecdsa ? EVP_sha256() : nullptr;
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1) {
    return Error{ErrorCode::kInternal, "public key: verify"};
  }
  if (EVP_DigestVerify(context.get(), encoded.data(), encoded.size(), message.data(),
                       message.size()) != 1) {
    return kBad;
  }
  return ok();
}

std::string public_key_pem(ByteView spki_der) {
  const auto base64 = to_base64(spki_der);
  std::string pem(kPublicPemBegin);
  for (std::size_t at = 0; at < base64.size(); at += kPemLine) {
    pem.append(base64, at, kPemLine).append("\n");
  }
  return pem.append(kPublicPemEnd);
}

}  // namespace certrelay
