#include "relay/keys/certificate_request.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

using RequestPtr = OpensslPtr<X509_REQ, X509_REQ_free>;
using ExtensionPtr = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using BitsPtr = OpensslPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;

struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * all) const {
    sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
  }
};
using ExtensionsPtr = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions>;

Error unwritable(std::string_view where) {
  ERR_clear_error();
  return {ErrorCode::kMalformed, where};
}
Error failed() {
  ERR_clear_error();
  return {ErrorCode::kInternal, "certificate request"};
}

bool add_name(X509_NAME* name, const char* type, const std::string& value) {
  return X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

// One extension in OpenSSL's words (x509v3_config(5)); an empty `value` adds none.
bool add_extension(STACK_OF(X509_EXTENSION) * all, int nid, const std::string& value) {
  if (value.empty()) return true;
  X509V3_CTX context{};
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  ExtensionPtr one(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return one != nullptr && sk_X509_EXTENSION_push(all, one.get()) > 0 && one.release() != nullptr;
}

Result<void> describe(X509_REQ* request, const RequestedSubject& subject) {
  X509_NAME* name = X509_REQ_get_subject_name(request);
  if (!add_name(name, "C", "JP") || !add_name(name, "O", subject.organisation) ||
      !add_name(name, "CN", subject.common_name)) {
    return unwritable("certificate request: subject");
  }
  std::string names;
  for (const auto& one : subject.names) {
    // A comma would begin another name, of whoever wrote it.
    if (one.find_first_of(",\n") != std::string::npos)
      return unwritable("certificate request: name");
    names += (names.empty() ? "" : ",") + one;
  }
  const ExtensionsPtr all(sk_X509_EXTENSION_new_null());
  if (!add_extension(all.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(all.get(), NID_ext_key_usage, subject.extended_usage) ||
      !add_extension(all.get(), NID_subject_alt_name, names) ||
      X509_REQ_add_extensions(request, all.get()) != 1) {
    return unwritable("certificate request: extension");
  }
  return ok();
}

// With PrivateKey::sign(), so that the key's handle stays its own.
Result<void> sign(X509_REQ* request, const PrivateKey& key) {
  unsigned char* der = nullptr;
  const int size = i2d_re_X509_REQ_tbs(request, &der);
  if (size <= 0) return failed();
  const Bytes signed_part(der, der + size);
  OPENSSL_free(der);
  CERTRELAY_TRY(const auto signature, key.sign(signed_part));
  BitsPtr bits(ASN1_BIT_STRING_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  if (bits == nullptr || algorithm == nullptr ||
      ASN1_STRING_set(bits.get(), signature.data(), static_cast<int>(signature.size())) != 1 ||
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, nullptr) !=
          1 ||
      X509_REQ_set1_signature_algo(request, algorithm.get()) != 1) {
    return failed();
  }
  // Whole octets: no unused bits (X.690 §8.6.2.2).
  bits->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07L);
  bits->flags |= ASN1_STRING_FLAG_BITS_LEFT;
  X509_REQ_set0_signature(request, bits.release());
  return ok();
}

}  // namespace

Result<std::string> certificate_request(const PrivateKey& key, const RequestedSubject& subject) {
  const RequestPtr request(X509_REQ_new());
  const unsigned char* spki = key.spki().data();
  const PkeyPtr public_half(d2i_PUBKEY(nullptr, &spki, static_cast<long>(key.spki().size())));
  if (request == nullptr || public_half == nullptr ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), public_half.get()) != 1) {
    return failed();
  }
  CERTRELAY_TRY(describe(request.get(), subject));
  CERTRELAY_TRY(sign(request.get(), key));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_X509_REQ(bio.get(), request.get()) != 1) return failed();
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

}  // namespace certrelay
