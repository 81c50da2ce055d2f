#include "firmware/kiosk/pki/handles.hpp"

#include <openssl/bn.h>

namespace certrelay::pki_detail {

TimeHandle asn1_time(UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return TimeHandle(ASN1_TIME_set(nullptr, static_cast<time_t>(seconds)));
}

IntegerHandle asn1_integer(ByteView big_endian) {
  if (big_endian.empty() || big_endian.size() > 20) return nullptr;
  const Handle<BIGNUM, BN_free> number(
      BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  if (!number || BN_is_zero(number.get())) return nullptr;
  return IntegerHandle(BN_to_ASN1_INTEGER(number.get(), nullptr));
}

NameHandle name_from_der(ByteView der) {
  const unsigned char* at = der.data();
  return NameHandle(d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())));
}

CertificateHandle certificate_from_der(ByteView der) {
  const unsigned char* at = der.data();
  return CertificateHandle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

const EVP_MD* digest_for(const EVP_PKEY* key) {
  return EVP_PKEY_get_bits(key) == 384 ? EVP_sha384() : EVP_sha256();
}

}  // namespace certrelay::pki_detail
