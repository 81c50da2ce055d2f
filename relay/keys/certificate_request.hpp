// A request for a certificate (PKCS#10, RFC 2986), so that a private key is made where it is used
// and never leaves it.
#pragma once

#include <string>
#include <vector>

#include "relay/keys/private_key.hpp"

namespace certrelay {

struct RequestedSubject {
  std::string organisation;        // O, UTF-8
  std::string common_name;         // CN
  std::vector<std::string> names;  // "DNS:..." or "IP:..."; empty: no subjectAltName
  std::string extended_usage;      // "serverAuth"; empty: none
};

// A "CERTIFICATE REQUEST" block, signed by the key (P-256: ecdsa-with-SHA256), with
// keyUsage=digitalSignature. Precondition: the key is of kEcdsaP256.
// Errors: kMalformed (a subject or name that X.509 cannot carry), kInternal.
Result<std::string> certificate_request(const PrivateKey& key, const RequestedSubject& subject);

}  // namespace certrelay
