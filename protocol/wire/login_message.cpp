#include "protocol/wire/login_message.hpp"

#include "protocol/base/codec.hpp"
#include "protocol/ids/text_id.hpp"
#include "protocol/wire/key_json.hpp"
#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kCodeDigits = 6;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kSecretLetters = 32;
constexpr std::int64_t kIdleSecondsMax = 86'400;

Result<Password> password_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(const auto text, in.string(name));
  return Password::parse(text);
}

Result<void> check_code(std::string_view code) {
  if (is_text_of(code, "0123456789", kCodeDigits, kCodeDigits)) return ok();
  return Error{ErrorCode::kMalformed, "login: code"};
}

Result<void> check_token(std::string_view token) {
  CERTRELAY_TRY(const auto bytes, from_base64url(token));
  if (bytes.size() == kTokenBytes) return ok();
  return Error{ErrorCode::kMalformed, "session: token"};
}

Result<void> check_secret(std::string_view secret) {
  if (is_text_of(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", kSecretLetters, kSecretLetters)) {
    return ok();
  }
  return Error{ErrorCode::kMalformed, "login: secret"};
}

Result<std::vector<OperatorRole>> roles_field(JsonObject& in) {
  return list_field<OperatorRole>(
      in, "roles", kOperatorRoles, [](const boost::json::value& element) -> Result<OperatorRole> {
        if (!element.is_string()) return Error{ErrorCode::kWrongType, "session: roles"};
        return parse_operator_role(std::string_view(element.get_string()));
      });
}

Result<std::vector<std::string>> verbs_field(JsonObject& in, std::string_view name) {
  return list_field<std::string>(
      in, name, kVerbsMax, [](const boost::json::value& element) -> Result<std::string> {
        if (!element.is_string()) return Error{ErrorCode::kWrongType, "session: verbs"};
        CERTRELAY_TRY(const auto code, ActionCode::parse(std::string_view(element.get_string())));
        return std::string(code.text());
      });
}

boost::json::array verbs_value(const std::vector<std::string>& verbs) {
  return to_array_of(verbs, [](const std::string& verb) { return boost::json::value(verb); });
}

Result<void> check(const SessionView& view) {
  CERTRELAY_TRY(check_count(view.roles.size(), 1, kOperatorRoles));
  CERTRELAY_TRY(check_unique(view.roles, [](OperatorRole role) { return role; }));
  for (const auto* verbs : {&view.may, &view.may_approve}) {
    CERTRELAY_TRY(check_count(verbs->size(), 0, kVerbsMax));
  }
  CERTRELAY_TRY(check_known_keys(view.keys));
  return check_token(view.csrf_token);
}

}  // namespace

Result<LoginRequest> decode_login_request(ByteView body) {
  return decode_body<LoginRequest>(body, kSmallBodyMax, [](JsonObject& in) -> Result<LoginRequest> {
    CERTRELAY_TRY(auto name, id_field<OperatorName>(in, "name"));
    CERTRELAY_TRY(auto password, password_field(in, "password"));
    LoginRequest out{std::move(name), std::move(password), {}};
    if (in.has("code")) {
      CERTRELAY_TRY(out.code, plain_text_field(in, "code"));
      CERTRELAY_TRY(check_code(out.code));
    }
    if (in.has("keyid")) {
      CERTRELAY_TRY(out.key, read_signature(in));
    }
    return out;
  });
}

Result<Bytes> encode(const LoginRequest& message) {
  boost::json::object out{{"name", message.name.text()}, {"password", message.password.reveal()}};
  if (!message.code.empty()) {
    CERTRELAY_TRY(check_code(message.code));
    out["code"] = message.code;
  }
  if (message.key) {
    CERTRELAY_TRY(check(*message.key));
    put_signature(out, *message.key);
  }
  return to_body(out);
}

Result<SessionView> decode_session_view(ByteView body) {
  return decode_body<SessionView>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<SessionView> {
        CERTRELAY_TRY(auto name, id_field<OperatorName>(in, "name"));
        CERTRELAY_TRY(auto roles, roles_field(in));
        CERTRELAY_TRY(auto token, plain_text_field(in, "csrf_token"));
        CERTRELAY_TRY(const auto idle,
                      number_field<std::uint32_t>(in, "idle_seconds", 1, kIdleSecondsMax));
        std::optional<JstDay> due;
        if (in.has("password_due_on")) {
          CERTRELAY_TRY(due, parsed_field(in, "password_due_on", parse_iso_day));
        }
        CERTRELAY_TRY(const auto enrolled, in.boolean("code_enrolled"));
        SessionView view{std::move(name), std::move(roles), std::move(token), idle, due, enrolled};
        CERTRELAY_TRY(view.host, plain_text_field(in, "host"));
        CERTRELAY_TRY(view.keys, known_keys_field(in));
        CERTRELAY_TRY(view.may, verbs_field(in, "may"));
        CERTRELAY_TRY(view.may_approve, verbs_field(in, "may_approve"));
        CERTRELAY_TRY(check(view));
        return view;
      });
}

Result<Bytes> encode(const SessionView& message) {
  CERTRELAY_TRY(check(message));
  boost::json::object out{
      {"name", message.name.text()},
      {"roles", to_array_of(message.roles, [](OperatorRole role) { return to_text(role); })},
      {"csrf_token", message.csrf_token},
      {"idle_seconds", message.idle_seconds},
      {"code_enrolled", message.code_enrolled},
      {"host", message.host},
      {"keys", known_keys_value(message.keys)},
      {"may", verbs_value(message.may)},
      {"may_approve", verbs_value(message.may_approve)}};
  if (message.password_due_on) out["password_due_on"] = to_iso_day(*message.password_due_on);
  return to_body(out);
}

Result<PasswordChange> decode_password_change(ByteView body) {
  return decode_body<PasswordChange>(body, kSmallBodyMax,
                                     [](JsonObject& in) -> Result<PasswordChange> {
                                       CERTRELAY_TRY(auto password, password_field(in, "password"));
                                       CERTRELAY_TRY(auto next, password_field(in, "new_password"));
                                       return PasswordChange{std::move(password), std::move(next)};
                                     });
}

Result<Bytes> encode(const PasswordChange& message) {
  return to_body(boost::json::object{{"password", message.password.reveal()},
                                     {"new_password", message.new_password.reveal()}});
}

Result<PasswordReset> decode_password_reset(ByteView body) {
  return decode_body<PasswordReset>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<PasswordReset> {
        CERTRELAY_TRY(auto next, password_field(in, "new_password"));
        CERTRELAY_TRY(const auto drop, in.boolean("drop_code"));
        CERTRELAY_TRY(const auto signed_at, time_field(in, "signed_at"));
        CERTRELAY_TRY(auto signature, read_signature(in));
        return PasswordReset{std::move(next), drop, signed_at, std::move(signature)};
      });
}

Result<Bytes> encode(const PasswordReset& message) {
  CERTRELAY_TRY(check_time(message.signed_at));
  CERTRELAY_TRY(check(message.signature));
  boost::json::object out{{"new_password", message.new_password.reveal()},
                          {"drop_code", message.drop_code},
                          {"signed_at", to_rfc3339_jst(message.signed_at)}};
  put_signature(out, message.signature);
  return to_body(out);
}

Result<EnrolRequest> decode_enrol_request(ByteView body) {
  return decode_body<EnrolRequest>(body, kSmallBodyMax, [](JsonObject& in) -> Result<EnrolRequest> {
    CERTRELAY_TRY(auto password, password_field(in, "password"));
    return EnrolRequest{std::move(password)};
  });
}

Result<Bytes> encode(const EnrolRequest& message) {
  return to_body(boost::json::object{{"password", message.password.reveal()}});
}

Result<EnrolOffer> decode_enrol_offer(ByteView body) {
  return decode_body<EnrolOffer>(body, kSmallBodyMax, [](JsonObject& in) -> Result<EnrolOffer> {
    CERTRELAY_TRY(auto secret, plain_text_field(in, "secret"));
    CERTRELAY_TRY(check_secret(secret));
    return EnrolOffer{std::move(secret)};
  });
}

Result<Bytes> encode(const EnrolOffer& message) {
  CERTRELAY_TRY(check_secret(message.secret));
  return to_body(boost::json::object{{"secret", message.secret}});
}

Result<EnrolConfirmation> decode_enrol_confirmation(ByteView body) {
  return decode_body<EnrolConfirmation>(body, kSmallBodyMax,
                                        [](JsonObject& in) -> Result<EnrolConfirmation> {
                                          CERTRELAY_TRY(auto code, plain_text_field(in, "code"));
                                          CERTRELAY_TRY(check_code(code));
                                          return EnrolConfirmation{std::move(code)};
                                        });
}

Result<Bytes> encode(const EnrolConfirmation& message) {
  CERTRELAY_TRY(check_code(message.code));
  return to_body(boost::json::object{{"code", message.code}});
}

Bytes password_reset_bytes(const MunicipalityCode& municipality, const OperatorName& name,
                           const PasswordReset& reset) {
  ByteWriter out;
  out.raw("certrelay operator password v1");
  out.u8(0);
  out.raw(municipality.text());
  out.short_text(name.text());
  out.u64(static_cast<std::uint64_t>(reset.signed_at.time_since_epoch().count()));
  out.u8(reset.drop_code ? 1 : 0);
  out.raw(sha256(reset.new_password.reveal()));
  return std::move(out).take();
}

}  // namespace certrelay
