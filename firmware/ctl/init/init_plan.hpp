// What a city decides before its relay exists: the plan that `certrelayctl init` reads. No secret
// and no resident is in it.
#pragma once

#include <string>
#include <vector>

#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

struct InitPlan {
  struct Listener {
    Role role;
    std::string address;      // as in [listen]
    std::string server_name;  // "DNS:..." or "IP:...", in the request; empty for monitoring
  };
  struct DataPeer {
    Role role;
    std::string name;
    std::string san;
  };
  struct Terminal {
    std::string name;
    std::string san;
  };

  MunicipalityCode municipality;
  std::string municipality_name;
  std::vector<Listener> listeners{};  // center, registry, admin, monitoring
  std::vector<DataPeer> peers{};      // center, registry
  std::vector<Terminal> terminals{};  // 1 or more
  // The two first people (R30): who approves grants, and who proposes them.
  std::string center_head{};
  std::string city_administrator{};
  std::string font{};  // absolute
  bool signature = false;
  bool printed_seal = false;
  bool documents() const { return signature || printed_seal; }
};

// `path` is for the failure. Throws StartFailure: not TOML, unknown or missing key, a value of
// another form.
InitPlan parse_init_plan(const std::string& text, const std::string& path);

// A plan to be filled in, with what belongs where, in Japanese.
std::string init_plan_template();

}  // namespace certrelay
