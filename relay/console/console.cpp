// Which page answers what, and who is asked first.
#include "relay/console/console.hpp"

#include <algorithm>

#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLanguageCookie = "__Host-certrelay-lang=";
constexpr std::string_view kSessionCookie = "__Host-certrelay=";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

bool has_cookie(std::string_view cookies, std::string_view wanted) {
  return cookies.starts_with(wanted) ||
         cookies.find("; " + std::string(wanted)) != std::string_view::npos;
}

// What the person chose, or else what the browser asks for first; Japanese by default.
Language language_of(const HttpRequest& request) {
  const auto cookies = only_header(request.headers, "cookie").value_or("");
  const std::string chosen(kLanguageCookie);
  if (has_cookie(cookies, chosen + "en")) return Language::kEnglish;
  if (has_cookie(cookies, chosen + "ja")) return Language::kJapanese;
  const auto accepted = only_header(request.headers, "accept-language").value_or("");
  return accepted.starts_with("en") ? Language::kEnglish : Language::kJapanese;
}

// Another site's page cannot make one of these: the browser says so (Fetch Metadata). The session's
// token is what the vault asks for.
bool is_own_form(const HttpRequest& request) {
  const auto site = only_header(request.headers, "sec-fetch-site");
  const auto type = only_header(request.headers, "content-type").value_or("");
  return (!site || *site == "same-origin") && type.starts_with(kFormType);
}

// "/approvals/{id}" and what follows it.
std::optional<ActionId> id_behind(std::string_view& path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  const auto rest = path.substr(prefix.size());
  const auto slash = rest.find('/');
  const auto id = ActionId::parse(rest.substr(0, slash));
  if (!id) return std::nullopt;
  path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  return id.value();
}

std::string cookie_of(const HttpRequest& request) {
  return std::string(only_header(request.headers, "cookie").value_or(""));
}

HttpAnswer not_found(const Words& words) {
  return plain_page_answer(words, std::string(words({"ページがありません", "No such page"})),
                           element("p", link("/today", words({"今日の状況へ", "To today"}))), 404);
}

// The link's own failures: the front answers them as it does everywhere.
bool is_of_link(ErrorCode code) {
  constexpr std::array kOfLink{ErrorCode::kVaultNotServing, ErrorCode::kVaultOverloaded,
                               ErrorCode::kVaultSilent};
  return std::ranges::find(kOfLink, code) != kOfLink.end();
}

}  // namespace

ConsoleVisit::ConsoleVisit(HttpRequest its_request, AskVault ask)
    : request(std::move(its_request)),
      words(language_of(request)),
      calls(std::move(ask), cookie_of(request)) {}

Console::Answering Console::answer(HttpRequest request, AskVault ask) {
  ConsoleVisit visit(std::move(request), std::move(ask));
  if (visit.request.method == HttpMethod::kGet) co_return co_await get_page(visit);
  if (visit.request.method == HttpMethod::kPost) co_return co_await post_page(visit);
  co_return not_found(visit.words);
}

Console::Answering Console::get_page(ConsoleVisit& visit) {
  const std::string_view path = visit.request.path;
  if (auto file = asset(path)) co_return std::move(*file);
  if (path == "/") co_return redirect("/today");
  if (path == "/login") {
    std::string nothing_yet;
    co_return co_await log_in_page(visit, std::move(nothing_yet));
  }
  if (path == "/favicon.ico") co_return HttpAnswer{404, {{"cache-control", "no-store"}}, {}};
  if (!has_cookie(cookie_of(visit.request), kSessionCookie)) co_return redirect("/login");
  const auto opened = co_await open(visit);
  if (!opened) co_return co_await refused(visit, opened.error());
  co_return co_await member_page(visit);
}

// Who it is, and what every page shows of the state.
boost::asio::awaitable<Result<void>> Console::open(ConsoleVisit& visit) {
  CERTRELAY_CO_TRY(auto session, co_await visit.calls.session());
  CERTRELAY_CO_TRY(auto overview, co_await visit.calls.overview());
  CERTRELAY_CO_TRY(auto state, co_await visit.calls.state());
  visit.page.emplace(
      PageContext{visit.words, std::move(session), std::move(overview), std::move(state)});
  co_return ok();
}

Console::Answering Console::member_page(ConsoleVisit& visit) {
  const auto& page = visit.known();
  std::string_view path = visit.request.path;
  const auto show = [&](Both title, const Markup& main) {
    return page_answer(page, visit.request.path, page.t(title), main);
  };
  if (path == "/today") co_return co_await show_today(visit);
  if (path == "/service") co_return show({"サービスの状態", "Service"}, service_main(page));
  if (path == "/register") co_return show({"証明書情報", "Register"}, register_main(page));
  if (path == "/certificates") {
    co_return show({"証明書の期限", "Certificates"}, certificates_main(page));
  }
  if (path == "/reports") co_return show({"報告書", "Reports"}, reports_main(page));
  if (path == "/ledger") {
    co_return show({"提供記録の検索", "Ledger"}, ledger_main(page, nullptr, nullptr, false));
  }
  if (path == "/account") co_return show({"自分の設定", "My account"}, account_main(page, ""));
  if (path == "/account/key") co_return co_await show_key(visit);
  if (path == "/unresolved") co_return co_await show_unresolved(visit);
  if (path == "/alarms") co_return co_await show_alarms(visit);
  if (path == "/erasures") co_return co_await show_erasures(visit);
  if (path == "/approvals") co_return co_await show_approvals(visit);
  if (path == "/operators") co_return co_await show_operators(visit);
  if (const auto id = id_behind(path, "/approvals/"); id && path.empty()) {
    co_return co_await show_approval(visit, *id);
  }
  if (const auto id = id_behind(path, "/order/"); id && path.empty()) {
    co_return co_await show_report_of(visit, *id);
  }
  co_return not_found(visit.words);
}

Console::Answering Console::post_page(ConsoleVisit& visit) {
  const std::string_view path = visit.request.path;
  const auto form = is_own_form(visit.request)
                        ? Form::parse(visit.request.body)
                        : Result<Form>(Error{ErrorCode::kCsrfTokenWrong, "console: another site"});
  if (!form) {
    co_return plain_page_answer(
        visit.words, visit.t({"受け付けられません", "Refused"}),
        element("p", visit.t({"この画面からの操作と確認できません。もう一度お試しください。",
                              "This did not come from the console's own page."})),
        403);
  }
  if (path == "/login") co_return co_await log_in(visit, form.value());
  if (path == "/logout") co_return co_await log_out(visit, form.value());
  if (path == "/language") {
    const bool english = form.value().get("language") == "en";
    co_return redirect("/today",
                       {{"set-cookie", std::string(kLanguageCookie) + (english ? "en" : "ja") +
                                           "; Path=/; Secure; HttpOnly; SameSite=Strict; "
                                           "Max-Age=31536000"}});
  }
  const auto opened = co_await open(visit);
  if (!opened) co_return co_await refused(visit, opened.error());
  co_return co_await member_post(visit, form.value());
}

Console::Answering Console::member_post(ConsoleVisit& visit, const Form& form) {
  std::string_view path = visit.request.path;
  if (path == "/ledger") co_return co_await search_ledger(visit, form);
  if (path == "/reports") co_return co_await fetch_report(visit, form);
  if (path == "/order") co_return co_await prepare_order(visit, form);
  if (path == "/order/sign") co_return co_await send_order(visit, form);
  if (path == "/account/key") co_return co_await register_key(visit, form);
  if (path == "/account/totp") co_return co_await offer_code(visit, form);
  if (path == "/account/totp/confirmation") co_return co_await confirm_code(visit, form);
  if (path == "/account/password") co_return co_await change_password(visit, form);
  if (const auto id = id_behind(path, "/approvals/")) {
    if (path == "/approval") co_return co_await send_approval(visit, form, *id);
    if (path == "/denial") co_return co_await prepare_denial(visit, form, *id);
    if (path == "/denial/sign") co_return co_await send_denial(visit, form, *id);
  }
  co_return not_found(visit.words);
}

// What the vault said, in its own sentence; the ledger has the reason.
Console::Answering Console::refused(ConsoleVisit& visit, const Error& error) {
  if (is_of_link(error.code)) co_return error;
  const auto& problem = visit.calls.problem();
  const auto title = visit.t({"受け付けられませんでした", "Refused"});
  auto sentence = problem ? problem->detail : std::string();
  if (sentence.empty() && problem) sentence = problem->title;
  if (sentence.empty()) {
    sentence = visit.t({"入力の形式が正しくありません。", "The input is not of the right form."});
  }
  const int status = problem ? status_of(problem->code) : 400;
  auto main = note(Tone::kBad, sentence);
  if (visit.page) {
    co_return page_answer(visit.known(), "", title, main, Scripts::kNone, status);
  }
  main += element("p", link("/login", visit.t({"ログイン画面へ", "To the log-in page"})));
  co_return plain_page_answer(visit.words, title, main, status);
}

}  // namespace certrelay
