#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Base45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode.
std::string to_base45(ByteView bytes);
// Canonical: every other spelling is refused. Errors: kMalformed.
Result<Bytes> from_base45(std::string_view text);

}  // namespace certrelay
