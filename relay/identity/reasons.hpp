#pragma once

#include <string_view>

#include "protocol/base/error.hpp"

namespace certrelay {

// A stable text for a code of 100-199 (REASONS.md), for `certrelayctl card verify` and reports;
// "other" for codes of other rooms. Never shown to a resident.
std::string_view reason_text(ErrorCode code);

}  // namespace certrelay
