#include "firmware/kiosk/pki/key.hpp"

#include <openssl/pem.h>

#include "firmware/kiosk/pki/handles.hpp"

namespace certrelay {
namespace {

using pki_detail::BioHandle;

std::string text_of(const BioHandle& bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

// Never asks a terminal: a callback that finds no pass phrase answers none.
int give_passphrase(char* out, int capacity, int /*writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.empty() || text.size() > static_cast<std::size_t>(capacity)) return -1;
  text.copy(out, text.size());
  return static_cast<int>(text.size());
}

}  // namespace

Result<PkiKey> PkiKey::generate(PkiKeyKind kind) {
  EVP_PKEY* key = nullptr;
  switch (kind) {
    case PkiKeyKind::kRsa2048:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
      break;
    case PkiKeyKind::kEcP256:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
      break;
    case PkiKeyKind::kEcP384:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
      break;
  }
  if (key == nullptr) return Error{ErrorCode::kInternal, "key: generate"};
  return PkiKey(std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

Result<PkiKey> PkiKey::from_pkcs8_pem(std::string_view pem, std::string_view passphrase) {
  const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase);
  if (key == nullptr) return Error{ErrorCode::kMalformed, "key: PKCS#8"};
  return PkiKey(std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

Result<std::string> PkiKey::to_pkcs8_pem(std::string_view passphrase) const {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), cipher, passphrase.data(),
                                    static_cast<int>(passphrase.size()), nullptr, nullptr) != 1) {
    return Error{ErrorCode::kInternal, "key: write PKCS#8"};
  }
  return text_of(bio);
}

Bytes PkiKey::public_key_der() const { return pki_detail::to_der(key_.get(), i2d_PUBKEY); }

Result<Bytes> PkiKey::sign(ByteView payload) const {
  const pki_detail::Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t length = 0;
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, pki_detail::digest_for(key_.get()), nullptr,
                         key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &length, payload.data(), payload.size()) != 1) {
    return Error{ErrorCode::kInternal, "key: sign"};
  }
  Bytes signature(length);
  if (EVP_DigestSign(context.get(), signature.data(), &length, payload.data(), payload.size()) !=
      1) {
    return Error{ErrorCode::kInternal, "key: sign"};
  }
  signature.resize(length);
  return signature;
}

std::string to_pem(ByteView der, const char* label) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), label, "", der.data(), static_cast<long>(der.size()));
  return text_of(bio);
}

}  // namespace certrelay
