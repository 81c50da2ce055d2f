// GeneralName (RFC 5280 §4.2.1.6): its form, and whether two name the same. Private to this room.
#pragma once

#include "relay/identity/der.hpp"
#include "relay/identity/name_match.hpp"

namespace certrelay {

// Errors: `code`.
Result<void> check_general_name(const DerValue& name, ErrorCode code);

// The Name in a whole directoryName, if it is one.
std::optional<ByteView> directory_name(ByteView whole);

// Two whole GeneralNames of the same kind: directory names as names_match(), others by their
// bytes.
bool general_names_match(ByteView a, ByteView b, NameMatching how);

}  // namespace certrelay
