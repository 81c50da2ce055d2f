// A card of the fictional city as a file: what the chip would hold, without a PIN.
#pragma once

#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// One JSON object, members in this order:
//   "format":       "certrelay softcard 1"
//   "certificate":  DER in base64
//   "algorithm":    "rsa-pkcs1-sha256" or "ecdsa-p384-sha384"
//   "private_key":  PKCS#8 PEM, unencrypted; the file has mode 0600
struct Softcard {
  Bytes certificate;  // DER
  CardAlgorithm algorithm = CardAlgorithm::kRsaPkcs1Sha256;
  std::string private_key_pem;
};

inline constexpr std::size_t kSoftcardBytesMax = std::size_t{16} * 1024;

std::string to_softcard_text(const Softcard& card);
// Errors: those of parse_strict_json and JsonObject, kMalformed.
Result<Softcard> parse_softcard(std::string_view text);

}  // namespace certrelay
