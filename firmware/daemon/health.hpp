// Whether the relay may issue, check by check: what /readyz shows and operators act on.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/time.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay {

struct HealthCheck {
  std::string name;  // stable: alerts refer to it
  bool ok = false;
  std::string reason;  // one line, what is wrong; empty when ok. No personal data
};

// What somebody has to see to, and what stops nothing.
struct HealthWarning {
  std::string name;
  std::string reason;  // one line. No personal data
};

struct Health {
  bool ready = false;  // every check is ok
  bool demo = false;
  std::string build;
  std::string configuration_sha256;
  std::string topology;
  std::vector<std::string> font_sha256;  // hexadecimal, in their order of preference
  std::vector<HealthCheck> checks;
  std::vector<HealthWarning> warnings;
};

// Why the register is not ready, in the words of health_reasons.hpp. Precondition: it is not.
std::string register_reason(const RegisterState& state);
// Three quarters of the bound used up while it still serves, and households closed by changes that
// could not be applied.
std::vector<HealthWarning> register_warnings(const RegisterState& state);

// The body of GET /readyz (application/json).
std::string to_json(const Health& health);

}  // namespace certrelay
