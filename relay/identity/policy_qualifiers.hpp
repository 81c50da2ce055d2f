// Qualifiers of policies (RFC 5280 §4.2.1.4): nobody here shows them, their form is checked.
#pragma once

#include "relay/identity/der.hpp"

namespace certrelay {

// policyQualifiers, a whole SEQUENCE of at least one: a pointer to a practice statement is an
// IA5String, a user notice is read to its texts; the value of a kind that we do not know is one
// DER value. Errors: the reader's code.
Result<void> check_policy_qualifiers(DerReader in);

}  // namespace certrelay
