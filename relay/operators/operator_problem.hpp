// The outer problem of an operators' call, with the mend in Japanese: operators are our own people
// and are told why. The one table of this room.
#pragma once

#include "protocol/wire/problem.hpp"

namespace certrelay {

// Unsigned, without Content-Digest.
HttpAnswer operator_problem(ErrorCode reason);
// The sentence alone, for the report of an action that could not be carried out.
std::string_view operator_mend(ErrorCode reason);

}  // namespace certrelay
