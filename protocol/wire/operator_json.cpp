#include "protocol/wire/operator_json.hpp"

#include "protocol/wire/answer_signature.hpp"

namespace certrelay {
namespace {

Result<ActionParameter> read_parameter(JsonObject& in) {
  CERTRELAY_TRY(auto name, plain_text_field(in, "name"));
  CERTRELAY_TRY(auto value, plain_text_field(in, "value"));
  return ActionParameter{std::move(name), std::move(value)};
}

Result<KeyAssertion> read_assertion(JsonObject& in) {
  CERTRELAY_TRY(auto data, base64_field(in, "authenticator_data"));
  CERTRELAY_TRY(auto client, base64_field(in, "client_data"));
  CERTRELAY_TRY(auto signature, base64_field(in, "signature"));
  return KeyAssertion{std::move(data), std::move(client), std::move(signature)};
}

}  // namespace

Result<OperatorAction> read_action(JsonObject& in) {
  CERTRELAY_TRY(const auto id, id_field<ActionId>(in, "action_id"));
  CERTRELAY_TRY(auto proposer, id_field<OperatorName>(in, "proposer"));
  CERTRELAY_TRY(auto code, id_field<ActionCode>(in, "action"));
  CERTRELAY_TRY(auto parameters, objects_field<ActionParameter>(
                                     in, "parameters", kActionParametersMax, read_parameter));
  CERTRELAY_TRY(auto reason, id_field<StatedReason>(in, "reason"));
  CERTRELAY_TRY(const auto expires_at, time_field(in, "expires_at"));
  OperatorAction action{
      id,        std::move(proposer), std::move(code), std::move(parameters), std::move(reason),
      expires_at};
  CERTRELAY_TRY(check(action));
  return action;
}

boost::json::object action_object(const OperatorAction& action) {
  return {{"action_id", action.id.text()},
          {"proposer", action.proposer.text()},
          {"action", action.code.text()},
          {"parameters", to_array_of(action.parameters,
                                     [](const ActionParameter& parameter) {
                                       return boost::json::object{{"name", parameter.name},
                                                                  {"value", parameter.value}};
                                     })},
          {"reason", action.reason.text()},
          {"expires_at", to_rfc3339_jst(action.expires_at)}};
}

Result<void> check(const PersonalSignature& signature) {
  if (!is_key_id(signature.keyid)) {
    return Error{ErrorCode::kMalformed, "signature: key id"};
  }
  return signature.assertion ? check(*signature.assertion) : Result<void>(ok());
}

Result<PersonalSignature> read_signature(JsonObject& in) {
  CERTRELAY_TRY(auto keyid, plain_text_field(in, "keyid"));
  PersonalSignature signature{std::move(keyid)};
  if (in.has("assertion")) {
    CERTRELAY_TRY(auto object, in.object("assertion"));
    CERTRELAY_TRY(signature.assertion, read_assertion(object));
    CERTRELAY_TRY(object.expect_no_more());
  } else {
    CERTRELAY_TRY(signature.signature, base64_array_field<64>(in, "signature"));
  }
  CERTRELAY_TRY(check(signature));
  return signature;
}

void put_signature(boost::json::object& out, const PersonalSignature& signature) {
  out["keyid"] = signature.keyid;
  if (!signature.assertion) {
    out["signature"] = to_base64(signature.signature);
    return;
  }
  const auto& assertion = *signature.assertion;
  out["assertion"] =
      boost::json::object{{"authenticator_data", to_base64(assertion.authenticator_data)},
                          {"client_data", to_base64(assertion.client_data)},
                          {"signature", to_base64(assertion.signature)}};
}

}  // namespace certrelay
