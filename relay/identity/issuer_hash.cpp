#include "relay/identity/issuer_hash.hpp"

#include <openssl/evp.h>

#include "protocol/base/check.hpp"

namespace certrelay {

Bytes issuer_hash(IssuerHashAlgorithm algorithm, ByteView bytes) {
  const auto* digest = algorithm == IssuerHashAlgorithm::kSha1 ? EVP_sha1() : EVP_sha256();
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(digest)));
  CERTRELAY_CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, digest, nullptr) ==
                  1);
  return out;
}

Result<ByteView> public_key_octets(ByteView spki) {
  DerReader outer(spki, ErrorCode::kCertificateMalformed);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto bits, in.expect(der_tag::kBitString));
  return der_whole_octets(bits.content, ErrorCode::kCertificateMalformed);
}

}  // namespace certrelay
