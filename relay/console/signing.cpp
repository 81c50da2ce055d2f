// What a person signs with the key in the hand, and how it comes back with the form.
#include <algorithm>

#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kParameterPrefix = "p_";

std::string keys_text(const std::vector<KnownKey>& keys) {
  std::string out;
  for (const auto& key : keys) {
    out += (out.empty() ? "" : " ") + key.keyid + ":" + to_base64(key.credential_id);
  }
  return out;
}

Markup said_place() {
  return element("p", {{"class", "note bad"}, {"role", "alert"}, {"data-said", ""}, {"hidden", ""}},
                 Markup());
}

Markup answer_fields() {
  return hidden("keyid", "") + hidden("authenticator_data", "") + hidden("client_data", "") +
         hidden("signature", "");
}

std::string failed_words(const Words& words) {
  return std::string(
      words({"セキュリティキーで署名できませんでした。キーを接続し、もう一度お試しくだ"
             "さい。",
             "The security key did not sign. Connect it and try again."}));
}

}  // namespace

Markup action_facts(const PageContext& page, const OperatorAction& action) {
  std::vector<std::pair<std::string, Markup>> pairs{
      {page.t({"操作", "Action"}), text(page.t(words_of_action(action.code.text())))}};
  for (const auto& parameter : action.parameters) {
    auto value = parameter.value;
    if (parameter.name == "kind") {
      if (const auto kind = parse_certificate_kind(value)) value = page.t(words_of(kind.value()));
    }
    if (parameter.name == "roles") value = roles_words(page.words, value);
    pairs.emplace_back(page.t(words_of_parameter(parameter.name)), text(value));
  }
  pairs.emplace_back(page.t({"処理事由", "Reason"}), text(action.reason.text()));
  pairs.emplace_back(page.t({"申請者", "Proposed by"}), text(action.proposer.text()));
  pairs.emplace_back(page.t({"期限", "Expires"}), text(page.words.time(action.expires_at)));
  pairs.emplace_back(page.t({"申請番号", "Number"}), element("code", action.id.text()));
  return facts(pairs);
}

Markup sign_form(const PageContext& page, const std::string& path, const Digest& challenge,
                 const Markup& fields, std::string_view button_words) {
  if (page.session.keys.empty()) {
    return note(Tone::kWarn,
                page.t({"署名するセキュリティキーが登録されていません。「自分の設定」で登録するか、"
                        "certrelayctl で操作してください。",
                        "No security key is registered. Register one under “My account”, or use "
                        "certrelayctl."}));
  }
  const auto inside = hidden("csrf", page.session.csrf_token) + fields + answer_fields() +
                      said_place() + button(button_words);
  return element("form",
                 {{"method", "post"},
                  {"action", path},
                  {"data-what", "get"},
                  {"data-challenge", to_base64(challenge)},
                  {"data-host", page.session.host},
                  {"data-keys", keys_text(page.session.keys)},
                  {"data-failed", failed_words(page.words)}},
                 inside);
}

Markup log_in_main(const Words& words, const std::optional<KeyChallenge>& challenge,
                   const std::string& refused) {
  const auto t = [&](Both both) { return std::string(words(both)); };
  Markup out;
  if (!refused.empty()) out += note(Tone::kBad, refused);
  auto fields = field({.name = "name",
                       .label = t({"利用者ID", "Account"}),
                       .autocomplete = "username",
                       .length_max = 64}) +
                field({.name = "password",
                       .label = t({"パスワード", "Password"}),
                       .type = "password",
                       .autocomplete = "current-password",
                       .length_max = kPasswordBytesMax}) +
                field({.name = "code",
                       .label = t({"確認コード（6桁）", "Code (6 digits)"}),
                       .hint = t({"認証アプリを登録している方のみ入力してください。",
                                  "Only if you have registered an authenticator app."}),
                       .autocomplete = "one-time-code",
                       .required = false,
                       .length_max = 6});
  HtmlAttributes form{{"method", "post"}, {"action", "/login"}};
  auto buttons = element("button", {{"type", "submit"}, {"class", "primary"}, {"data-plain", ""}},
                         t({"ログイン", "Log in"}));
  if (challenge && !challenge->keys.empty()) {
    form.insert(form.end(), {{"data-what", "get"},
                             {"data-challenge", to_base64(challenge->challenge)},
                             {"data-host", challenge->host},
                             {"data-keys", keys_text(challenge->keys)},
                             {"data-failed", failed_words(words)}});
    fields += answer_fields() + said_place();
    buttons += element("button", {{"type", "submit"}},
                       t({"セキュリティキーでログイン", "Log in with the security key"}));
  }
  out += element("form", form, fields + element("div", {{"class", "actions"}}, buttons));
  return out + element("p", {{"class", "hint"}},
                       t({"この画面の操作は、閲覧も含めてすべて提供記録に記録されます。",
                          "Everything done here, reading included, is recorded in the ledger."}));
}

Markup key_form(const PageContext& page, const KeyChallenge& challenge) {
  const auto inside = hidden("csrf", page.session.csrf_token) + hidden("client_data", "") +
                      hidden("attestation_object", "") + said_place() +
                      button(page.t({"キーを読み取る", "Read the key"}));
  return element("form",
                 {{"method", "post"},
                  {"action", "/account/key"},
                  {"data-what", "create"},
                  {"data-challenge", to_base64(challenge.challenge)},
                  {"data-host", challenge.host},
                  {"data-site", page.overview.municipality_name},
                  {"data-user", std::string(page.session.name.text())},
                  {"data-keys", keys_text(challenge.keys)},
                  {"data-failed", failed_words(page.words)}},
                 inside);
}

Result<PersonalSignature> signature_in(const Form& form) {
  PersonalSignature out{std::string(form.get("keyid"))};
  CERTRELAY_TRY(auto data, from_base64(form.get("authenticator_data")));
  CERTRELAY_TRY(auto client, from_base64(form.get("client_data")));
  CERTRELAY_TRY(auto signature, from_base64(form.get("signature")));
  out.assertion = KeyAssertion{std::move(data), std::move(client), std::move(signature)};
  CERTRELAY_TRY(check(*out.assertion));
  return out;
}

void put_fields(Markup& out, const OperatorAction& action) {
  out += hidden("action_id", action.id.text());
  out += hidden("code", std::string(action.code.text()));
  out += hidden("reason", std::string(action.reason.text()));
  out += hidden("expires_at", to_rfc3339_jst(action.expires_at));
  for (const auto& parameter : action.parameters) {
    out += hidden(std::string(kParameterPrefix) + parameter.name, parameter.value);
  }
}

Result<ActionParameters> parameters_in(const Form& form) {
  ActionParameters out;
  for (const auto& [name, value] : form.fields()) {
    if (!name.starts_with(kParameterPrefix) || value.empty()) continue;
    out.push_back({name.substr(kParameterPrefix.size()), value});
  }
  std::ranges::sort(out, {}, &ActionParameter::name);
  return out;
}

Result<OperatorAction> action_in(const Form& form, const OperatorName& proposer) {
  CERTRELAY_TRY(const auto id, ActionId::parse(form.get("action_id")));
  CERTRELAY_TRY(auto code, ActionCode::parse(form.get("code")));
  CERTRELAY_TRY(auto reason, StatedReason::parse(form.get("reason")));
  CERTRELAY_TRY(const auto expires_at, parse_rfc3339(form.get("expires_at")));
  CERTRELAY_TRY(auto parameters, parameters_in(form));
  OperatorAction action{
      id, proposer, std::move(code), std::move(parameters), std::move(reason), expires_at};
  CERTRELAY_TRY(check(action));
  return action;
}

}  // namespace certrelay
