// A shell command of a test, and what it said.
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace certrelay::testing {

struct CommandOutput {
  int status;
  std::string text;  // both streams
};

inline CommandOutput run_command(const std::string& command) {
  CommandOutput out{-1, {}};
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    out.text.append(buffer.data(), size);
  }
  out.status = pclose(pipe);
  return out;
}

}  // namespace certrelay::testing
