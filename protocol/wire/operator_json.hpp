// What the operators' messages share in JSON: within protocol/wire only.
#pragma once

#include "protocol/ids/text_id.hpp"
#include "protocol/wire/json_fields.hpp"
#include "protocol/wire/operator_message.hpp"

namespace certrelay {

inline constexpr std::size_t kOperatorBodyMax = std::size_t{64} * 1024;
// 32 actions of 12 parameters, every character escaped.
inline constexpr std::size_t kPendingBodyMax = std::size_t{1024} * 1024;

inline Result<std::string> plain_text_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(const auto text, in.string(name));
  return std::string(text);
}

// The six members of an action, wherever they stand.
Result<OperatorAction> read_action(JsonObject& in);
boost::json::object action_object(const OperatorAction& action);
Result<PersonalSignature> read_signature(JsonObject& in);
void put_signature(boost::json::object& out, const PersonalSignature& signature);
Result<void> check(const PersonalSignature& signature);

}  // namespace certrelay
