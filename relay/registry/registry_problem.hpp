#pragma once

#include "protocol/base/error.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

// What the source system sees of an inner reason, with what to do in Japanese (detail).
HttpAnswer registry_problem(ErrorCode reason);
// A change is missing: names the number that is expected next.
HttpAnswer gap_problem(std::uint64_t expected);

}  // namespace certrelay
