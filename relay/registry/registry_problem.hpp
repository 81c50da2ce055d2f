#pragma once

#include "protocol/base/error.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

// What the source system sees of an inner reason, with what to do in Japanese (detail).
HttpAnswer registry_problem(ErrorCode reason);

}  // namespace certrelay
