// What certrelay-kiosk prints, and the exit codes; one place, so that all commands speak alike.
#pragma once

#include <string>

#include "firmware/kiosk/center.hpp"

namespace certrelay {

inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotReach = 3;

// "issuance     document 20261122-00000001-AB12 ..." on stdout.
void say(std::string_view step, const std::string& what);

// One line on stderr for a failed step, with the Japanese sentence where the relay refused, and
// the exit code that goes with it. `center` may be null.
int say_failure(std::string_view step, const Error& error, const Center* center);

// One line on stderr for a file or option that cannot be used, before anything was sent.
int say_bad_argument(std::string_view what, const Error& error);

}  // namespace certrelay
