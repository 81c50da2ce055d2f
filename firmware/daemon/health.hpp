// Whether the relay may issue, check by check: what /readyz shows and operators act on.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "relay/env/clock.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay {

// Since when something is as it is, as far as this process knows; filled in by HealthMemory.
struct HealthSince {
  UtcTime at{};
  std::chrono::seconds age{0};  // on the steady clock: a date that was set does not change it
};

struct HealthCheck {
  std::string name;  // stable: alerts refer to it
  bool ok = false;
  std::string reason;  // one line, what is wrong; empty when ok. No personal data
  bool stops = true;   // while it is not ok nothing is issued; else somebody has to see to it
  HealthSince since = {};
};

// What somebody has to see to, and what stops nothing.
struct HealthWarning {
  std::string name;
  std::string reason;  // one line. No personal data
  HealthSince since = {};
};

struct Health {
  bool ready = false;  // every check that stops is ok
  bool demo = false;
  std::string build;
  std::string configuration_sha256;
  std::string topology;
  std::vector<std::string> font_sha256;  // hexadecimal, in their order of preference
  std::vector<HealthCheck> checks;
  std::vector<HealthWarning> warnings;
};

// When each check became ok or not, and each warning came. Thread-safe; to be asked every second,
// so that `since` is right whoever asks when.
class HealthMemory {
 public:
  void stamp(Health& health, UtcTime now, SteadyTime steady);

 private:
  struct Known {
    bool ok;
    UtcTime at;
    SteadyTime steady;
  };
  HealthSince since(const std::string& name, bool ok, UtcTime now, SteadyTime steady);

  std::mutex mutex_;
  std::map<std::string, Known> known_;  // by check or warning; their names differ
};

// Why the register is not ready, in the words of health_reasons.hpp. Precondition: it is not.
std::string register_reason(const RegisterState& state);
// Three quarters of the bound used up while it still serves, and households closed by changes that
// could not be applied.
std::vector<HealthWarning> register_warnings(const RegisterState& state);

// The body of GET /readyz (application/json).
std::string to_json(const Health& health);

}  // namespace certrelay
