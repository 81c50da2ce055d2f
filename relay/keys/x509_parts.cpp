#include "relay/keys/x509_parts.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>

#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

const Error kUnusableChain{ErrorCode::kKeyUnusable, "certificate: not PEM blocks of X.509"};

// OpenSSL's DER of an object.
template <class Object, class Encoder>
Result<Bytes> der_of(const Object* object, Encoder encode) {
  unsigned char* der = nullptr;
  const int size = encode(object, &der);
  if (size <= 0) return kUnusableChain;
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

Result<UtcTime> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return kUnusableChain;
  return UtcTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

Result<X509Parts> read_x509_chain(std::string_view pem, std::size_t max) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  X509Parts out;
  while (X509Ptr one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (out.chain.size() == max) return kUnusableChain;
    CERTRELAY_TRY(out.chain.emplace_back(), der_of(one.get(), i2d_X509));
    if (out.chain.size() > 1) continue;
    CERTRELAY_TRY(out.issuer, der_of(X509_get_issuer_name(one.get()), i2d_X509_NAME));
    CERTRELAY_TRY(out.serial, der_of(X509_get0_serialNumber(one.get()), i2d_ASN1_INTEGER));
    CERTRELAY_TRY(out.spki, der_of(X509_get_X509_PUBKEY(one.get()), i2d_X509_PUBKEY));
    CERTRELAY_TRY(out.not_before, time_of(X509_get0_notBefore(one.get())));
    CERTRELAY_TRY(out.not_after, time_of(X509_get0_notAfter(one.get())));
  }
  // The loop ends where no further block begins; anything else is a damaged one.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (out.chain.empty() || !at_end) return kUnusableChain;
  return out;
}

}  // namespace certrelay
