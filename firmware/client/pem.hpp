// PEM texts (RFC 7468) to OpenSSL's objects, without a pass-phrase prompt.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"

struct x509_st;
struct evp_pkey_st;

namespace certrelay {

struct FreeCertificate {
  void operator()(x509_st* certificate) const;
};
struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using CertificatePointer = std::unique_ptr<x509_st, FreeCertificate>;
using KeyPointer = std::unique_ptr<evp_pkey_st, FreeKey>;

// Every certificate of the text, in its order, at least one; other blocks are skipped.
// Errors: kMalformed.
Result<std::vector<CertificatePointer>> read_certificates(std::string_view pem);

// The first private key of the text. An encrypted one is kMalformed: nobody is asked for a phrase.
Result<KeyPointer> read_private_key(std::string_view pem);

// An encrypted PKCS#8 block as an unencrypted one; the caller wipes it.
// Errors: kWrongPassphrase, kInternal.
Result<std::string> decrypt_private_key(std::string_view pem, const std::string& pass_phrase);

// DER of the SubjectPublicKeyInfo of a certificate. Errors: kInternal.
Result<Bytes> public_key_der(const x509_st& certificate);

// DER of a certificate.
Result<Bytes> to_der(x509_st& certificate);

}  // namespace certrelay
