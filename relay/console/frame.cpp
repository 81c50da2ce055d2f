// What stands around every page: head, menu, foot, and the headers that keep a browser strict.
#include "protocol/base/check.hpp"
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

struct MenuItem {
  std::string_view path;
  Both words;
  std::string_view verb;  // that the person must be allowed; empty: everybody
};

constexpr auto kMenu = std::to_array<MenuItem>({
    {"/today", {"今日の状況", "Today"}, ""},
    {"/service", {"サービスの状態", "Service"}, ""},
    {"/register", {"証明書情報", "Register"}, ""},
    {"/approvals", {"承認待ち", "Approvals"}, "approvals.read"},
    {"/alarms", {"警報", "Alarms"}, "ledger.read"},
    {"/unresolved", {"未解決の結果", "Unresolved"}, "ledger.read"},
    {"/erasures", {"消去", "Erasures"}, "ledger.read"},
    {"/ledger", {"提供記録の検索", "Ledger"}, "ledger.read"},
    {"/reports", {"報告書", "Reports"}, "report.read"},
    {"/operators", {"利用者", "Operators"}, "operators.read"},
    {"/certificates", {"証明書の期限", "Certificates"}, ""},
    {"/account", {"自分の設定", "My account"}, ""},
});

Bytes bytes_of_text(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

HttpHeaders strict_headers(std::string_view language, Scripts scripts) {
  std::string policy =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
      "base-uri 'none'; frame-ancestors 'none'";
  if (scripts == Scripts::kSecurityKey) policy += "; script-src 'self'";
  return {{"content-type", "text/html; charset=utf-8"},
          {"content-language", std::string(language)},
          {"cache-control", "no-store"},
          {"content-security-policy", std::move(policy)},
          {"referrer-policy", "no-referrer"},
          {"strict-transport-security", "max-age=31536000"},
          {"x-content-type-options", "nosniff"}};
}

Markup head_of(const std::string& title, Scripts scripts) {
  auto out = void_element("meta", {{"charset", "utf-8"}}) +
             void_element("meta", {{"name", "viewport"},
                                   {"content", "width=device-width, initial-scale=1"}}) +
             element("title", title) +
             void_element("link", {{"rel", "stylesheet"}, {"href", "/console.css"}});
  if (scripts == Scripts::kSecurityKey) {
    out += element("script", {{"src", "/console.js"}, {"defer", ""}}, Markup());
  }
  return out;
}

Markup language_form(const Words& words) {
  const bool japanese = words.language() == Language::kJapanese;
  return element("form", {{"method", "post"}, {"action", "/language"}, {"class", "language"}},
                 hidden("language", japanese ? "en" : "ja") +
                     element("button", {{"type", "submit"}, {"lang", japanese ? "en" : "ja"}},
                             japanese ? "English" : "日本語"));
}

Markup menu_of(const PageContext& page, std::string_view path) {
  Markup items;
  for (const auto& item : kMenu) {
    if (!item.verb.empty() && !page.may(item.verb)) continue;
    HtmlAttributes attributes{{"href", std::string(item.path)}};
    if (item.path == path) attributes.push_back({"aria-current", "page"});
    auto words = text(page.t(item.words));
    if (item.path == "/approvals" && page.state.pending_approvals > 0) {
      words += element("span", {{"class", "pill"}}, std::to_string(page.state.pending_approvals));
    }
    if (item.path == "/alarms" && page.state.alarm) {
      words += element("span", {{"class", "pill bad"}}, "!");
    }
    items += element("li", element("a", attributes, words));
  }
  return element("nav", {{"aria-label", page.t({"メニュー", "Menu"})}}, element("ul", items));
}

Markup banner_of(const PageContext& page) {
  Markup out;
  if (page.overview.demo) {
    out += element("p", {{"class", "ribbon"}},
                   page.t({"見本　架空の市の環境です", "見本 (specimen): a fictional city"}));
  }
  if (page.state.alarm) {
    out += element("p", {{"class", "ribbon bad"}, {"role", "alert"}},
                   page.t({"警報が発生しています。交付は停止しています。",
                           "An alarm is latched. Nothing is issued."}));
  }
  return out;
}

Markup header_of(const PageContext& page) {
  const auto roles = roles_words(page.words, page.session.roles);
  const auto who = element(
      "span", {{"class", "who"}},
      std::string(page.session.name.text()) + page.t({"（", " ("}) + roles + page.t({"）", ")"}));
  const auto leave = post_form(page, "/logout",
                               element("button", {{"type", "submit"}, {"class", "quiet"}},
                                       page.t({"ログアウト", "Log out"})));
  return element("header",
                 element("p", {{"class", "site"}},
                         element("strong", page.overview.municipality_name) +
                             text(page.t({"　証明書交付 中継サーバ", " — certificate relay"}))) +
                     element("div", {{"class", "person"}}, who + leave));
}

}  // namespace

HttpAnswer page_answer(const PageContext& page, std::string_view path, const std::string& title,
                       const Markup& main, Scripts scripts, int status) {
  const auto skip = element("a", {{"class", "skip"}, {"href", "#main"}},
                            page.t({"本文へ移動", "Skip to content"}));
  const auto foot = element("footer", element("p", page.t({"表示時刻: ", "As of "}) +
                                                       page.words.time(page.overview.now)) +
                                          language_form(page.words));
  const auto body =
      skip + banner_of(page) + header_of(page) +
      element("div", {{"class", "columns"}},
              menu_of(page, path) + element("main", {{"id", "main"}, {"tabindex", "-1"}},
                                            element("h1", title) + main)) +
      foot;
  const auto whole = document(
      page.words.tag(), head_of(title + " - " + page.overview.municipality_name, scripts), body);
  return {status, strict_headers(page.words.tag(), scripts), bytes_of_text(whole.bytes())};
}

HttpAnswer plain_page_answer(const Words& words, const std::string& title, const Markup& main,
                             int status, Scripts scripts) {
  const auto body =
      element("main", {{"id", "main"}, {"class", "alone"}}, element("h1", title) + main) +
      element("footer", language_form(words));
  const auto whole = document(words.tag(), head_of(title, scripts), body);
  return {status, strict_headers(words.tag(), scripts), bytes_of_text(whole.bytes())};
}

HttpAnswer redirect(const std::string& path, HttpHeaders headers) {
  headers.push_back({"location", path});
  headers.push_back({"cache-control", "no-store"});
  return {303, std::move(headers), {}};
}

}  // namespace certrelay
