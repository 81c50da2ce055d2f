#include "firmware/kiosk/say.hpp"

#include <fmt/core.h>

namespace certrelay {
void say(std::string_view step, const std::string& what) {
  fmt::print("{:<12} {}\n", step, what);
  std::fflush(stdout);
}

int say_failure(std::string_view step, const Error& error, const Center* center) {
  if (error.code == ErrorCode::kRefusedByServer && center != nullptr && center->problem()) {
    const Problem& problem = *center->problem();
    fmt::print(stderr, "{:<12} refused: {} (HTTP {})\n{:<12} {}\n", step, to_text(problem.code),
               status_of(problem.code), "", problem.title);
    return kExitRefused;
  }
  const auto number = static_cast<unsigned>(error.code);
  if (is_no_answer(error.code) || error.code == ErrorCode::kTlsFailed) {
    fmt::print(stderr, "{:<12} no answer: {} (error {})\n", step, error.where, number);
    return kExitCannotReach;
  }
  fmt::print(stderr, "{:<12} failed: {} (error {})\n", step, error.where, number);
  return kExitRefused;
}

int say_bad_argument(std::string_view what, const Error& error) {
  if (error.code == ErrorCode::kCannotReach) return say_failure(what, error, nullptr);
  fmt::print(stderr, "{}: cannot be used: {} (error {})\n", what, error.where,
             static_cast<unsigned>(error.code));
  return kExitUsage;
}

}  // namespace certrelay
