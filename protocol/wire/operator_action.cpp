#include "protocol/wire/operator_action.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "protocol/ids/text_id.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz_";
constexpr std::size_t kParameterNameMax = 32;

void put_head(ByteWriter& out, std::string_view word, const MunicipalityCode& municipality) {
  out.raw("certrelay ");
  out.raw(word);
  out.raw(" v1");
  out.u8(0);
  out.raw(municipality.text());
}

}  // namespace

Result<void> check(const KeyAssertion& assertion) {
  CERTRELAY_TRY(check_count(assertion.authenticator_data.size(), kAuthenticatorDataMin,
                            kAuthenticatorDataMax));
  CERTRELAY_TRY(check_count(assertion.client_data.size(), 1, kClientDataMax));
  return check_count(assertion.signature.size(), 1, kKeySignatureMax);
}

Result<void> check(const OperatorAction& action) {
  const auto& parameters = action.parameters;
  CERTRELAY_TRY(check_count(parameters.size(), 0, kActionParametersMax));
  for (const auto& parameter : parameters) {
    if (!is_text_of(parameter.name, kNameLetters, 1, kParameterNameMax)) {
      return Error{ErrorCode::kMalformed, "action: parameter name"};
    }
    CERTRELAY_TRY(check_text(parameter.value, 1, kActionValueBytesMax));
  }
  CERTRELAY_TRY(check_unique(parameters, [](const ActionParameter& p) { return p.name; }));
  if (!std::ranges::is_sorted(parameters, {}, &ActionParameter::name)) {
    return Error{ErrorCode::kMalformed, "action: order of parameters"};
  }
  return check_time(action.expires_at);
}

std::string_view parameter_of(const ActionParameters& parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &ActionParameter::name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->value);
}

Bytes action_bytes(const MunicipalityCode& municipality, const OperatorAction& action) {
  CERTRELAY_CHECK(check(action).has_value());
  ByteWriter out;
  put_head(out, "operator action", municipality);
  out.raw(action.id.bytes());
  out.u64(static_cast<std::uint64_t>(action.expires_at.time_since_epoch().count()));
  out.short_text(action.proposer.text());
  out.short_text(action.code.text());
  out.short_text(action.reason.text());
  out.u8(static_cast<std::uint8_t>(action.parameters.size()));
  for (const auto& parameter : action.parameters) {
    out.short_text(parameter.name);
    out.short_text(parameter.value);
  }
  return std::move(out).take();
}

Bytes denial_bytes(const MunicipalityCode& municipality, const ActionId& id,
                   const StatedReason& reason) {
  ByteWriter out;
  put_head(out, "operator denial", municipality);
  out.raw(id.bytes());
  out.short_text(reason.text());
  return std::move(out).take();
}

Bytes application_bytes(const MunicipalityCode& municipality,
                        const OperatorApplication& application) {
  ByteWriter out;
  put_head(out, "operator application", municipality);
  for (const auto text :
       {application.name.text(), std::string_view(application.affiliation),
        std::string_view(application.roles), std::string_view(application.ends_on),
        std::string_view(application.client_key), std::string_view(application.approval_key)}) {
    CERTRELAY_CHECK(text.size() <= kActionValueBytesMax);
    out.short_text(text);
  }
  return std::move(out).take();
}

}  // namespace certrelay
