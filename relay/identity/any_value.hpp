// Values that nobody here reads, and that must be values all the same. Private to this room.
#pragma once

#include "relay/identity/der.hpp"

namespace certrelay {

inline constexpr int kAnyValueDepthMax = 8;

// A DER value of whatever type, to its ends: universal types in the form that each has, constructed
// ones down to a depth; of other classes the parts of constructed ones. Errors: `code`.
Result<void> check_any_value(const DerValue& value, ErrorCode code, int depth = kAnyValueDepthMax);

}  // namespace certrelay
