#include "relay/keys/ecdsa_form.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <algorithm>

#include "protocol/base/der_tag.hpp"
#include "protocol/base/der_writer.hpp"
#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

constexpr int kNumberSize = 32;

Bytes der_integer(ByteView number) {
  const auto first =
      std::find_if(number.begin(), number.end() - 1, [](std::uint8_t octet) { return octet != 0; });
  Bytes content(first, number.end());
  if ((content.front() & 0x80) != 0) content.insert(content.begin(), 0);  // not negative
  return der_value(der_tag::kInteger, {content});
}

}  // namespace

Result<RawSignature> to_raw_signature(ByteView der) {
  const Error failed{ErrorCode::kInternal, "ecdsa: signature"};
  const unsigned char* at = der.data();
  const EcdsaPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (pair == nullptr) return failed;
  RawSignature raw{};
  if (BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), kNumberSize) != kNumberSize)
    return failed;
  if (BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + kNumberSize, kNumberSize) !=
      kNumberSize)
    return failed;
  return raw;
}

Bytes to_der_signature(const RawSignature& raw) {
  const ByteView both(raw);
  return der_value(der_tag::kSequence,
                   {der_integer(both.first(kNumberSize)), der_integer(both.subspan(kNumberSize))});
}

}  // namespace certrelay
