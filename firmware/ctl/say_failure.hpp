// How the extract's commands say on stderr what went wrong, and with which exit code.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/base/error.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotReach = 3;
inline constexpr int kExitPending = 4;

// A file or an option that cannot be used.
int say_unusable(std::string_view what, const Error& error);
// A step of a conversation; `problem` is the register's own answer, if it gave one.
int say_failure(std::string_view step, const Error& error, const std::optional<Problem>& problem);

}  // namespace certrelay
