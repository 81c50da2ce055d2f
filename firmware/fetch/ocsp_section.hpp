// [ocsp] of certrelay.toml: read by the vault and by certrelay-fetch, by each for its half.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "firmware/daemon/toml_table.hpp"
#include "firmware/fetch/http_address.hpp"

namespace certrelay {

struct OcspSection {
  std::vector<std::string> urls;        // as they are written
  std::vector<HttpAddress> responders;  // 1 to 8, tried in turn
  std::string socket;                   // of certrelay-fetch; absolute
  std::chrono::milliseconds timeout{3000};
  std::chrono::minutes age_max{24 * 60};
  bool refuse_unknown = true;
};

// None without the table: nobody is asked. `folder` is the configuration's. Throws StartFailure.
std::optional<OcspSection> parse_ocsp(TomlTable& root, const std::string& folder);

// What certrelay-fetch needs of the file, and nothing else of it. Throws StartFailure.
OcspSection load_ocsp(const std::string& path);

}  // namespace certrelay
