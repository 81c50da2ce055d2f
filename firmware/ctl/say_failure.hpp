// How a command says what went wrong with a file or a conversation, and with which exit code.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/error.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotReach = 3;
inline constexpr int kExitPending = 4;

// What is said, and what the command ends with.
struct SaidFailure {
  std::string step;     // 設定, 接続, 送信 ...; empty: the command has only one
  std::string problem;  // the register's own code: "statement_refused"; empty: it gave none
  std::string text;
  int exit_code = kExitRefused;
};
// A file or an option that cannot be used.
SaidFailure unusable(std::string_view what, const Error& error);
// A step of a conversation; `problem` is the register's own answer, if it gave one.
SaidFailure failure(std::string_view step, const Error& error,
                    const std::optional<Problem>& problem);
// As tell() says everything; gives the exit code.
int say(const SaidFailure& said, bool json);

}  // namespace certrelay
