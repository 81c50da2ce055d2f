// OpenSSL's objects as owned values; private to this folder.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "protocol/base/bytes.hpp"
#include "protocol/base/time.hpp"

namespace certrelay::pki_detail {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

using BioHandle = Handle<BIO, BIO_free_all>;
using CertificateHandle = Handle<X509, X509_free>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;

// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5); milliseconds are cut.
TimeHandle asn1_time(UtcTime time);
// Null unless 1 to 20 octets make a positive number.
IntegerHandle asn1_integer(ByteView big_endian);
NameHandle name_from_der(ByteView der);
CertificateHandle certificate_from_der(ByteView der);
// The digest that goes with the key: SHA-384 for P-384, otherwise SHA-256.
const EVP_MD* digest_for(const EVP_PKEY* key);

// What `encode` (an i2d function) writes; empty on failure.
template <class T, class Encode>
Bytes to_der(T* object, Encode encode) {
  unsigned char* out = nullptr;
  const int length = encode(object, &out);
  if (length <= 0) return {};
  Bytes bytes(out, out + length);
  OPENSSL_free(out);
  return bytes;
}

}  // namespace certrelay::pki_detail
