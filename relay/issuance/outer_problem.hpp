// The one place where the inner vocabulary becomes the outer one.
#pragma once

#include "protocol/base/error.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

// What leaves the relay for that inner reason. Coarser on purpose: nobody can probe the register
// with a stolen card. A code without a row of its own becomes kOverloaded: nothing was charged, try
// again or go to the counter.
ProblemCode outer_problem(ErrorCode inner);

}  // namespace certrelay
