// PEM texts of certificates and PKCS#8 keys to OpenSSL's objects, without any prompt.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "protocol/base/time.hpp"

namespace certrelay {

template <auto Free>
struct FreeOpenssl {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using OpensslPointer = std::unique_ptr<T, FreeOpenssl<Free>>;

using X509Pointer = OpensslPointer<X509, X509_free>;
using PkeyPointer = OpensslPointer<EVP_PKEY, EVP_PKEY_free>;

// Every certificate, at least one, and no block of another kind. Errors: `code`.
Result<std::vector<X509Pointer>> certificates_of(std::string_view pem, ErrorCode code);

// One PKCS#8 block. An encrypted one is opened with the pass phrase; an open one wants an empty
// pass phrase. Errors: kKeyUnusable, kWrongPassphrase.
Result<PkeyPointer> private_key_of(std::string_view pem, std::string_view passphrase);

// The SAN entries as "DNS:..." and "URI:...", bytes as they came: only the two kinds that a peer's
// rule can name.
std::vector<std::string> peer_names_of(const X509& certificate);

// Errors: kMalformed.
Result<UtcTime> utc_of(const ASN1_TIME& time);

}  // namespace certrelay
