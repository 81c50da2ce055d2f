// Where `extract push` finds the register's listener and the source system's keys.
#pragma once

#include "firmware/client/peer.hpp"
#include "relay/keys/feeder_key.hpp"

namespace certrelay {

// feeder.json: strict JSON with exactly the members
//   address ("host:port"), server_name, server_ca, certificate, key, answer_keys (1 or 2 paths),
//   feeder_key, feeder_password (a file that holds the key's pass phrase, one line)
// and, where it is wished, municipality_code: an extract of another one is refused here already.
// Paths are relative to the file's folder. A city's kiosk.json names the same things.
struct PushConfig {
  PeerFiles registry;
  std::string feeder_key;
  std::string feeder_password;
  std::optional<MunicipalityCode> municipality{};
};

// Errors: Files', parse_strict_json's and JsonObject's.
Result<PushConfig> load_push_config(Files& files, const std::string& path);
// From DIR/kiosk.json of a fictional city; `extract` becomes its extract's folder.
Result<PushConfig> load_city_push_config(Files& files, const std::string& folder,
                                         std::string& extract);
// Errors: kWrongPassphrase, kKeyUnusable, Files'.
Result<FeederKey> load_feeder_key(Files& files, const PushConfig& config);

}  // namespace certrelay
