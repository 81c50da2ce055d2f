#pragma once

#include <stdexcept>
#include <string>

namespace certrelay {

// Why a process cannot start: one line that says what is wrong and how to mend it. Thrown only
// while starting and only inside firmware/; main() prints it and ends with exit code 1.
class StartFailure : public std::runtime_error {
 public:
  // "what: mend". Neither holds personal data or a secret.
  StartFailure(const std::string& what, const std::string& mend)
      : std::runtime_error(what + ": " + mend) {}
};

}  // namespace certrelay
