// Internal to relay/keys: OpenSSL's objects, each freed by its own function.
#pragma once

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace certrelay {

template <auto Function>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
template <class T, auto Function>
using OpensslPtr = std::unique_ptr<T, OpensslFree<Function>>;

using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using EcdsaPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;
using MdContextPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using X509Ptr = OpensslPtr<X509, X509_free>;

}  // namespace certrelay
