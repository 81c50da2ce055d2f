// Fees within a message: within protocol/wire only.
#pragma once

#include "protocol/wire/fee.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {

Result<std::vector<Fee>> fees_field(JsonObject& object, std::string_view name);
boost::json::array fees_value(const std::vector<Fee>& fees);
// `min` to kFeesMax prices, each in its limits, one a purpose and day.
Result<void> check_fees(const std::vector<Fee>& fees, std::size_t min);

}  // namespace certrelay
