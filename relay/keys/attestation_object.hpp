// What a browser hands over of a new security key (WebAuthn Level 2 §6.5): its three parts, cut out
// of the CBOR around them. Pure; the parts themselves are libfido2's to judge.
#pragma once

#include <string>

#include "protocol/base/bytes.hpp"

namespace certrelay {

struct AttestationObject {
  std::string format;  // "packed" ...
  ByteView statement;  // the CBOR map as it came
  ByteView auth_data;
};

// A map of exactly fmt, attStmt and authData, in any order, of definite lengths, at most four deep.
// The views live as long as `bytes`. Errors: kMalformed, kTrailingBytes, kDuplicateName.
Result<AttestationObject> parse_attestation_object(ByteView bytes);

// Authenticator data (§6.1), of a registration with the new key in it: lengths that agree, and each
// piece of CBOR whole, so that the library behind makes room for nothing that is not there.
// Errors: kMalformed, kTrailingBytes.
Result<void> check_authenticator_data(ByteView bytes, bool with_key);

}  // namespace certrelay
