// Security keys in JSON: within protocol/wire only.
#pragma once

#include "protocol/wire/json_fields.hpp"
#include "protocol/wire/login_message.hpp"

namespace certrelay {

Result<void> check_known_keys(const std::vector<KnownKey>& keys);
// The member "keys".
Result<std::vector<KnownKey>> known_keys_field(JsonObject& in);
boost::json::array known_keys_value(const std::vector<KnownKey>& keys);

}  // namespace certrelay
