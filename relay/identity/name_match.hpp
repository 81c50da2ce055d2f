#pragma once

#include <string>

#include "relay/identity/der.hpp"

namespace certrelay {

enum class NameMatching : std::uint8_t {
  kExact,    // the same DER (JPKI)
  kRfc5280,  // §7.1: case and white space of the common string types do not count
};

// A text of one of the types that names have, its octets valid for that type.
bool is_valid_text(const DerValue& value);

// A Name's content: a sequence of non-empty sets of attributes, each an OID and a text of one of
// DirectoryString's types, IA5String or NumericString, its octets valid for that type.
// Errors: `code`.
Result<void> check_name(ByteView content, ErrorCode code);

// Two whole Names. Under kRfc5280 letters outside ASCII, and other string types, count as bytes:
// stricter than the RFC's string preparation, never laxer. A Name it cannot read matches nothing
// but its own bytes.
bool names_match(ByteView a, ByteView b, NameMatching how);

// A text that is the same for two Names exactly when names_match() says that they match: made once,
// where one name is compared with many.
std::string name_key(ByteView whole, NameMatching how);

}  // namespace certrelay
