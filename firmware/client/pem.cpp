#include "firmware/client/pem.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>

namespace certrelay {
namespace {

using BioPointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

BioPointer open_text(std::string_view pem) {
  if (pem.size() > INT_MAX) return {nullptr, BIO_free};
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

// Instead of OpenSSL's prompt on the terminal.
int no_phrase(char*, int, int, void*) { return -1; }

}  // namespace

void FreeCertificate::operator()(x509_st* certificate) const { X509_free(certificate); }
void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<std::vector<CertificatePointer>> read_certificates(std::string_view pem) {
  const BioPointer bio = open_text(pem);
  if (bio == nullptr) return Error{ErrorCode::kMalformed, "certificate PEM"};
  std::vector<CertificatePointer> out;
  while (CertificatePointer next{PEM_read_bio_X509(bio.get(), nullptr, no_phrase, nullptr)}) {
    out.push_back(std::move(next));
  }
  // The loop ends at "no start line"; any other reason is a damaged block.
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  if (out.empty() || ERR_GET_REASON(last) != PEM_R_NO_START_LINE) {
    return Error{ErrorCode::kMalformed, "certificate PEM"};
  }
  return out;
}

Result<KeyPointer> read_private_key(std::string_view pem) {
  const BioPointer bio = open_text(pem);
  if (bio == nullptr) return Error{ErrorCode::kMalformed, "private key PEM"};
  KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_phrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) return Error{ErrorCode::kMalformed, "private key PEM"};
  return key;
}

Result<std::string> decrypt_private_key(std::string_view pem, const std::string& pass_phrase) {
  const BioPointer in = open_text(pem);
  if (in == nullptr) return Error{ErrorCode::kInternal, "private key PEM"};
  // Without a callback OpenSSL takes its last argument as the pass phrase and asks nobody.
  const KeyPointer key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, const_cast<char*>(pass_phrase.c_str())));
  ERR_clear_error();
  if (key == nullptr) return Error{ErrorCode::kWrongPassphrase, "private key PEM"};
  const BioPointer out(BIO_new(BIO_s_secmem()), BIO_free);
  if (out == nullptr || PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                      nullptr, nullptr) != 1) {
    return Error{ErrorCode::kInternal, "private key PEM"};
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Result<Bytes> public_key_der(const x509_st& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return Error{ErrorCode::kInternal, "certificate's key to DER"};
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

Result<Bytes> to_der(x509_st& certificate) {
  const int size = i2d_X509(&certificate, nullptr);
  if (size <= 0) return Error{ErrorCode::kInternal, "certificate to DER"};
  Bytes out(static_cast<std::size_t>(size));
  unsigned char* end = out.data();
  if (i2d_X509(&certificate, &end) != size)
    return Error{ErrorCode::kInternal, "certificate to DER"};
  return out;
}

}  // namespace certrelay
