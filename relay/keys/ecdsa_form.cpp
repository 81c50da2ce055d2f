#include "relay/keys/ecdsa_form.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <algorithm>
#include <memory>

#include "protocol/base/der_writer.hpp"

namespace certrelay {
namespace {

constexpr int kHalf = 32;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kSequence = 0x30;

struct FreeEcdsa {
  void operator()(ECDSA_SIG* pair) const { ECDSA_SIG_free(pair); }
};

Bytes der_integer(ByteView number) {
  const auto first =
      std::find_if(number.begin(), number.end() - 1, [](std::uint8_t octet) { return octet != 0; });
  Bytes content(first, number.end());
  if ((content.front() & 0x80) != 0) content.insert(content.begin(), 0);  // not negative
  return der_value(kInteger, {content});
}

}  // namespace

Result<RawSignature> to_raw_signature(ByteView der) {
  const Error failed{ErrorCode::kInternal, "ecdsa: signature"};
  const unsigned char* at = der.data();
  const std::unique_ptr<ECDSA_SIG, FreeEcdsa> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (pair == nullptr) return failed;
  RawSignature raw{};
  if (BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), kHalf) != kHalf) return failed;
  if (BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + kHalf, kHalf) != kHalf) return failed;
  return raw;
}

Bytes to_der_signature(const RawSignature& raw) {
  const ByteView both(raw);
  return der_value(kSequence, {der_integer(both.first(kHalf)), der_integer(both.subspan(kHalf))});
}

}  // namespace certrelay
