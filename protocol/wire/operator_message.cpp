// The calls that change something, and their answer.
#include "protocol/wire/operator_message.hpp"

#include "protocol/base/names.hpp"
#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr Names<ActionState, 6> kActionStates{{{ActionState::kPending, "pending"},
                                               {ActionState::kDone, "done"},
                                               {ActionState::kFailed, "failed"},
                                               {ActionState::kDenied, "denied"},
                                               {ActionState::kExpired, "expired"},
                                               {ActionState::kRunning, "running"}}};

Result<void> check(const OperatorApplication& application) {
  CERTRELAY_TRY(check_text(application.affiliation, 1, kActionValueBytesMax));
  CERTRELAY_TRY(check_text(application.roles, 1, kActionValueBytesMax));
  CERTRELAY_TRY(check_text(application.ends_on, 0, kActionValueBytesMax));
  CERTRELAY_TRY(check_text(application.client_key, 1, kActionValueBytesMax));
  return check_text(application.approval_key, 1, kActionValueBytesMax);
}

}  // namespace

std::string_view to_text(ActionState state) { return name_of(kActionStates, state); }
Result<ActionState> parse_action_state(std::string_view text) {
  return value_of(kActionStates, text, "action state");
}

Result<ProposeRequest> decode_propose_request(ByteView body) {
  return decode_body<ProposeRequest>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<ProposeRequest> {
        CERTRELAY_TRY(auto action, read_action(in));
        CERTRELAY_TRY(auto signature, read_signature(in));
        return ProposeRequest{std::move(action), std::move(signature)};
      });
}

Result<Bytes> encode(const ProposeRequest& message) {
  CERTRELAY_TRY(check(message.action));
  CERTRELAY_TRY(check(message.signature));
  auto out = action_object(message.action);
  put_signature(out, message.signature);
  return to_body(out);
}

Result<ApproveRequest> decode_approve_request(ByteView body) {
  return decode_body<ApproveRequest>(body, kOperatorBodyMax,
                                     [](JsonObject& in) -> Result<ApproveRequest> {
                                       CERTRELAY_TRY(auto signature, read_signature(in));
                                       return ApproveRequest{std::move(signature)};
                                     });
}

Result<Bytes> encode(const ApproveRequest& message) {
  CERTRELAY_TRY(check(message.signature));
  boost::json::object out;
  put_signature(out, message.signature);
  return to_body(out);
}

Result<DenyRequest> decode_deny_request(ByteView body) {
  return decode_body<DenyRequest>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<DenyRequest> {
        CERTRELAY_TRY(auto reason, id_field<StatedReason>(in, "reason"));
        CERTRELAY_TRY(auto signature, read_signature(in));
        return DenyRequest{std::move(reason), std::move(signature)};
      });
}

Result<Bytes> encode(const DenyRequest& message) {
  CERTRELAY_TRY(check(message.signature));
  boost::json::object out{{"reason", message.reason.text()}};
  put_signature(out, message.signature);
  return to_body(out);
}

Result<ActionReport> decode_action_report(ByteView body) {
  return decode_body<ActionReport>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<ActionReport> {
        CERTRELAY_TRY(const auto id, id_field<ActionId>(in, "action_id"));
        CERTRELAY_TRY(const auto state, parsed_field(in, "state", parse_action_state));
        CERTRELAY_TRY(auto detail, plain_text_field(in, "detail"));
        CERTRELAY_TRY(check_text(detail, 0, kActionDetailBytesMax));
        return ActionReport{id, state, std::move(detail)};
      });
}

Result<Bytes> encode(const ActionReport& message) {
  CERTRELAY_TRY(parse_action_state(to_text(message.state)));
  CERTRELAY_TRY(check_text(message.detail, 0, kActionDetailBytesMax));
  return to_body(boost::json::object{{"action_id", message.id.text()},
                                     {"state", to_text(message.state)},
                                     {"detail", message.detail}});
}

Result<SignedApplication> decode_signed_application(ByteView body) {
  return decode_body<SignedApplication>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<SignedApplication> {
        CERTRELAY_TRY(auto name, id_field<OperatorName>(in, "name"));
        CERTRELAY_TRY(auto affiliation, plain_text_field(in, "affiliation"));
        CERTRELAY_TRY(auto roles, plain_text_field(in, "roles"));
        CERTRELAY_TRY(auto ends_on, plain_text_field(in, "ends_on"));
        CERTRELAY_TRY(auto client_key, plain_text_field(in, "client_key"));
        CERTRELAY_TRY(auto approval_key, plain_text_field(in, "approval_key"));
        CERTRELAY_TRY(const auto signature, base64_array_field<64>(in, "signature"));
        OperatorApplication application{std::move(name),       std::move(affiliation),
                                        std::move(roles),      std::move(ends_on),
                                        std::move(client_key), std::move(approval_key)};
        CERTRELAY_TRY(check(application));
        return SignedApplication{std::move(application), signature};
      });
}

Result<Bytes> encode(const SignedApplication& message) {
  const auto& application = message.application;
  CERTRELAY_TRY(check(application));
  return to_body(boost::json::object{{"name", application.name.text()},
                                     {"affiliation", application.affiliation},
                                     {"roles", application.roles},
                                     {"ends_on", application.ends_on},
                                     {"client_key", application.client_key},
                                     {"approval_key", application.approval_key},
                                     {"signature", to_base64(message.signature)}});
}

}  // namespace certrelay
