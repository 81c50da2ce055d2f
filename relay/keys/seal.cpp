#include "relay/keys/seal.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <limits>
#include <memory>
#include <string>

namespace certrelay {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once: looking an algorithm up costs more than sealing a record.
const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CERTRELAY_CHECK(cipher != nullptr);
  return cipher;
}

Context new_context() {
  Context context(EVP_CIPHER_CTX_new());
  CERTRELAY_CHECK(context != nullptr);
  return context;
}

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

// HMAC-SHA-256 looked up once and without a key, to be copied for each use: the look-up costs
// several times the digest of a card's name.
const EVP_MAC_CTX& keyless_hmac() {
  static const MacContext context = [] {
    EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    CERTRELAY_CHECK(mac != nullptr);
    MacContext out(EVP_MAC_CTX_new(mac));
    EVP_MAC_free(mac);  // the context holds it
    CERTRELAY_CHECK(out != nullptr);
    std::string digest = "SHA256";
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    CERTRELAY_CHECK(EVP_MAC_CTX_set_params(out.get(), parameters.data()) == 1);
    return out;
  }();
  return *context;
}

int size_of(ByteView bytes) {
  CERTRELAY_CHECK(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(bytes.size());
}

}  // namespace

Bytes seal(const Key256& key, ByteView context, ByteView plaintext, Entropy& entropy) {
  Bytes out(kSealOverhead + plaintext.size());
  entropy.fill(std::span(out).first(kSealNonceSize));
  std::uint8_t* const body = out.data() + kSealNonceSize;
  const auto cipher = new_context();
  int count = 0;
  // Sealing in memory fails only when memory is exhausted or OpenSSL is broken.
  CERTRELAY_CHECK(EVP_EncryptInit_ex2(cipher.get(), aes_256_gcm(), key.reveal().data(), out.data(),
                                      nullptr) == 1);
  CERTRELAY_CHECK(
      EVP_EncryptUpdate(cipher.get(), nullptr, &count, context.data(), size_of(context)) == 1);
  CERTRELAY_CHECK(
      EVP_EncryptUpdate(cipher.get(), body, &count, plaintext.data(), size_of(plaintext)) == 1);
  CERTRELAY_CHECK(EVP_EncryptFinal_ex(cipher.get(), body + plaintext.size(), &count) == 1);
  CERTRELAY_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kSealTagSize,
                                      body + plaintext.size()) == 1);
  return out;
}

Result<Bytes> open_sealed(const Key256& key, ByteView context, ByteView sealed) {
  if (sealed.size() < kSealOverhead) return Error{ErrorCode::kSealBroken, "seal: too short"};
  const auto body = sealed.subspan(kSealNonceSize, sealed.size() - kSealOverhead);
  std::array<std::uint8_t, kSealTagSize> tag{};
  std::copy_n(sealed.last(kSealTagSize).begin(), kSealTagSize, tag.begin());
  Bytes out(body.size());
  const auto cipher = new_context();
  int count = 0;
  CERTRELAY_CHECK(EVP_DecryptInit_ex2(cipher.get(), aes_256_gcm(), key.reveal().data(),
                                      sealed.data(), nullptr) == 1);
  CERTRELAY_CHECK(
      EVP_DecryptUpdate(cipher.get(), nullptr, &count, context.data(), size_of(context)) == 1);
  CERTRELAY_CHECK(EVP_DecryptUpdate(cipher.get(), out.data(), &count, body.data(), size_of(body)) ==
                  1);
  CERTRELAY_CHECK(
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kSealTagSize, tag.data()) == 1);
  std::uint8_t none = 0;
  if (EVP_DecryptFinal_ex(cipher.get(), &none, &count) != 1) {
    wipe(out);
    return Error{ErrorCode::kSealBroken, "seal: does not open"};
  }
  return out;
}

std::array<std::uint8_t, 32> hmac_sha256(const Key256& key, ByteView message) {
  std::array<std::uint8_t, 32> out{};
  std::size_t size = 0;
  const MacContext context(EVP_MAC_CTX_dup(&keyless_hmac()));
  CERTRELAY_CHECK(context != nullptr);
  CERTRELAY_CHECK(EVP_MAC_init(context.get(), key.reveal().data(), key.reveal().size(), nullptr) ==
                  1);
  CERTRELAY_CHECK(EVP_MAC_update(context.get(), message.data(), message.size()) == 1);
  CERTRELAY_CHECK(EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1);
  CERTRELAY_CHECK(size == out.size());
  return out;
}

Key256 random_key(Entropy& entropy) {
  auto bytes = random_bytes<32>(entropy);
  Key256 out(bytes);
  wipe(bytes);
  return out;
}

}  // namespace certrelay
