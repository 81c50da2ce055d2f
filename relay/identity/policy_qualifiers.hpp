// Qualifiers of policies (RFC 5280 §4.2.1.4): nobody here shows them, their form is checked.
#pragma once

#include "relay/identity/der.hpp"

namespace certrelay {

// policyQualifiers, a whole SEQUENCE of at least one: a pointer to a practice statement is an
// IA5String, a user notice is read to its texts; the value of a kind that we do not know is one
// DER value, and where the policies are critical it is refused: whoever does not understand a
// critical extension wholly, its qualifiers too, must not accept it.
// Errors: the reader's code, kCertificateExtensionUnknown.
Result<void> check_policy_qualifiers(DerReader in, bool critical);

}  // namespace certrelay
