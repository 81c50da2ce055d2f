// Logging in and out, and what a person changes of the own log-in.
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

// What the vault sets and ends; everything else of its answer stays here.
HttpHeaders cookies_of(const HttpAnswer& answer) {
  HttpHeaders out;
  for (const auto& header : answer.headers) {
    if (header.name == "set-cookie") out.push_back(header);
  }
  return out;
}

Result<LoginRequest> login_request(const Form& form) {
  CERTRELAY_TRY(auto name, OperatorName::parse(form.get("name")));
  CERTRELAY_TRY(auto password, Password::parse(form.get("password")));
  LoginRequest out{std::move(name), std::move(password), std::string(form.get("code"))};
  if (!form.get("keyid").empty()) {
    CERTRELAY_TRY(out.key, signature_in(form));
  }
  return out;
}

}  // namespace

Console::Answering Console::log_in_page(ConsoleVisit& visit, std::string refused_words) {
  // Without security keys the vault knows no challenge, and the page has no button for one.
  std::optional<KeyChallenge> challenge;
  Bytes nothing;
  const auto answer = co_await visit.calls.post("/v1/key-challenge", "", std::move(nothing));
  if (answer) {
    if (auto decoded = decode_key_challenge(answer.value().body)) challenge = decoded.value();
  }
  const auto main = log_in_main(visit.words, challenge, refused_words);
  co_return plain_page_answer(visit.words,
                              visit.t({"証明書交付 中継サーバ　管理画面", "certrelay console"}),
                              main, refused_words.empty() ? 200 : 403, Scripts::kSecurityKey);
}

Console::Answering Console::log_in(ConsoleVisit& visit, const Form& form) {
  const auto request = login_request(form);
  auto body = request ? encode(request.value()) : Result<Bytes>(request.error());
  if (!body) {
    auto words = visit.t({"利用者ID、パスワードまたは確認コードの形式が正しくありません。",
                          "Name, password or code is not of the right form."});
    co_return co_await log_in_page(visit, std::move(words));
  }
  const auto answer = co_await visit.calls.post("/v1/login", "", std::move(body).value());
  if (answer) co_return redirect("/today", cookies_of(answer.value()));
  const auto& problem = visit.calls.problem();
  if (!problem) co_return co_await refused(visit, answer.error());
  const auto words = visit.words.language() == Language::kJapanese
                         ? problem->detail
                         : "Name, password or code is wrong, or the account waits after failures.";
  co_return co_await log_in_page(visit, std::string(words));
}

Console::Answering Console::log_out(ConsoleVisit& visit, const Form& form) {
  Bytes nothing;
  const auto answer = co_await visit.calls.post("/v1/logout", form.get("csrf"), std::move(nothing));
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return redirect("/login", cookies_of(answer.value()));
}

Console::Answering Console::change_password(ConsoleVisit& visit, const Form& form) {
  const auto& page = visit.known();
  auto present = Password::parse(form.get("password"));
  auto next = Password::parse(form.get("new_password"));
  if (!present || !next) {
    co_return page_answer(
        page, "/account", page.t({"自分の設定", "My account"}),
        account_main(page, page.t({"パスワードは半角の英数字と記号で入力してください。",
                                   "Passwords are ASCII letters, digits and signs."})),
        Scripts::kNone, 400);
  }
  auto body = encode(PasswordChange{std::move(present).value(), std::move(next).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer =
      co_await visit.calls.post("/v1/password", form.get("csrf"), std::move(body).value());
  if (answer) co_return redirect("/login", cookies_of(answer.value()));
  co_return co_await refused(visit, answer.error());
}

// The secret is shown once, to be typed into the app; it counts from the first code on.
Console::Answering Console::offer_code(ConsoleVisit& visit, const Form& form) {
  const auto& page = visit.known();
  auto password = Password::parse(form.get("password"));
  if (!password) co_return co_await refused(visit, password.error());
  auto body = encode(EnrolRequest{std::move(password).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer =
      co_await visit.calls.post("/v1/totp", form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  const auto offer = decode_enrol_offer(answer.value().body);
  if (!offer) co_return co_await refused(visit, offer.error());
  const auto inside =
      element("p",
              page.t({"次の文字列を認証アプリに「キーを手入力」で登録し、表示された6桁の確認コード"
                      "を入力してください。この文字列は、もう一度表示することはできません。",
                      "Type this into the authenticator app (“enter a key”), then the six "
                      "digits that it shows. It is not shown again."})) +
      element("pre", element("code", offer.value().secret)) +
      post_form(page, "/account/totp/confirmation",
                field({.name = "code",
                       .label = page.t({"確認コード（6桁）", "Code (6 digits)"}),
                       .autocomplete = "one-time-code",
                       .length_max = 6}) +
                    button(page.t({"登録する", "Register"})));
  co_return page_answer(page, "/account", page.t({"自分の設定", "My account"}),
                        section(page.t({"認証アプリの登録", "Authenticator app"}), inside));
}

// Ends the session: the person logs in with what is new.
Console::Answering Console::confirm_code(ConsoleVisit& visit, const Form& form) {
  auto body = encode(EnrolConfirmation{std::string(form.get("code"))});
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer =
      co_await visit.calls.post("/v1/totp/confirmation", form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return redirect("/login", cookies_of(answer.value()));
}

Console::Answering Console::show_key(ConsoleVisit& visit) {
  const auto& page = visit.known();
  Bytes nothing;
  const auto answer = co_await visit.calls.post("/v1/key-challenge", "", std::move(nothing));
  if (!answer) co_return co_await refused(visit, answer.error());
  const auto challenge = decode_key_challenge(answer.value().body);
  if (!challenge) co_return co_await refused(visit, challenge.error());
  const auto main = section(
      page.t({"セキュリティキーの登録", "Register a security key"}),
      element("p",
              page.t({"自分のセキュリティキーを接続し、画面の案内に従って本人確認（暗証番号または"
                      "指紋）を行ってください。",
                      "Connect your security key and verify yourself (PIN or "
                      "fingerprint)."})) +
          key_form(page, challenge.value()));
  co_return page_answer(page, "/account", page.t({"自分の設定", "My account"}), main,
                        Scripts::kSecurityKey);
}

Console::Answering Console::register_key(ConsoleVisit& visit, const Form& form) {
  const auto& page = visit.known();
  auto client = from_base64(form.get("client_data"));
  auto object = from_base64(form.get("attestation_object"));
  if (!client) co_return co_await refused(visit, client.error());
  if (!object) co_return co_await refused(visit, object.error());
  auto body = encode(KeyRegistration{std::move(client).value(), std::move(object).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer =
      co_await visit.calls.post("/v1/security-keys", form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  const auto offer = decode_key_offer(answer.value().body);
  if (!offer) co_return co_await refused(visit, offer.error());
  const auto command = "certrelayctl operator key-add " + offer.value().keyid +
                       " --config admin.json --as " + std::string(page.session.name.text()) +
                       " --reason …";
  const auto inside =
      element("p",
              page.t({"キーを読み取りました。10分以内に、自分の承認鍵で次のとおり確定してください。"
                      "確定するまで、このキーは使えません。",
                      "The key was read. Confirm it with your approval key within ten minutes; "
                      "until then it cannot be used."})) +
      facts({{page.t({"鍵番号", "Key"}), element("code", offer.value().keyid)}}) +
      element("pre", element("code", command));
  co_return page_answer(page, "/account", page.t({"自分の設定", "My account"}),
                        section(page.t({"登録の確定", "Confirm"}), inside));
}

}  // namespace certrelay
