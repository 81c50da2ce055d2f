// Internal to relay/keys: what a signer says of its own certificates. It reads our configured files
// and nothing that came from outside; residents' certificates are relay/identity's.
#pragma once

#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

struct X509Parts {
  std::vector<Bytes> chain;  // DER, in the file's order
  // Of the first.
  Bytes issuer;  // Name, DER
  Bytes serial;  // INTEGER, DER
  Bytes spki;    // SubjectPublicKeyInfo, DER
  UtcTime not_before{}, not_after{};
};

// 1 to `max` "CERTIFICATE" blocks. Errors: kKeyUnusable.
Result<X509Parts> read_x509_chain(std::string_view pem, std::size_t max);

}  // namespace certrelay
