// Pages of people: who may what, what waits for a second person, the own account.
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

Markup day_cell(const PageContext& page, const std::optional<JstDay>& day, bool due) {
  if (!day) return text(page.t({"なし", "none"}));
  auto out = text(page.words.day(*day));
  if (due && *day <= jst_day(page.overview.now)) {
    out += text(" ") + badge(Tone::kBad, page.t({"期限超過", "overdue"}));
  }
  return out;
}

Markup status_cell(const PageContext& page, const OperatorLine& line) {
  const auto tone = line.status == AccountStatus::kActive ? Tone::kGood : Tone::kPlain;
  auto out = badge(tone, page.t(words_of(line.status)));
  if (line.unused) {
    out += text(" ") + badge(Tone::kWarn, page.t({"90日間利用なし", "unused for 90 days"}));
  }
  return out;
}

Markup account_orders(const PageContext& page, const OperatorList& list) {
  // Nobody is chosen beforehand: what is signed here ends an account.
  const Choice nobody{"", page.t({"選択してください", "Choose"})};
  std::vector<Choice> active, others;
  for (const auto& line : list.operators) {
    if (line.status != AccountStatus::kActive) continue;
    const Choice choice{std::string(line.name.text()), std::string(line.name.text())};
    active.push_back(choice);
    if (line.name != page.session.name) others.push_back(choice);
  }
  Markup out;
  const auto add = [&](const std::string& code, std::vector<Choice> choices) {
    if (!page.may(code) || choices.empty()) return;
    choices.insert(choices.begin(), nobody);
    out += order_form(page, code, {},
                      choice_field("p_name", page.t({"利用者ID", "Account"}), choices, {}, true));
  };
  add("operator.review", others);
  add("operator.revoke", active);
  if (out.empty()) return out;
  return section(page.t({"操作", "Orders"}), element("div", {{"class", "orders"}}, out));
}

// The roles that a person can apply for; the vault judges which fit the affiliation.
Markup roles_section(const PageContext& page) {
  std::vector<Choice> choices;
  for (const std::string_view roles : {"clerk", "city_administrator", "clerk,city_administrator",
                                       "center_head", "auditor", "vendor"}) {
    choices.push_back({std::string(roles), roles_words(page.words, roles)});
  }
  const auto name = std::string(page.session.name.text());
  return section(page.t({"役割の変更", "Change of roles"}),
                 element("div", {{"class", "orders"}},
                         order_form(page, "operator.roles", {{"name", name}},
                                    choice_field("p_roles", page.t({"役割", "Roles"}), choices))));
}

Markup keys_section(const PageContext& page) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& key : page.session.keys) rows.push_back({element("code", key.keyid)});
  auto inside = table(page.t({"登録済みのセキュリティキー", "Registered security keys"}),
                      {{page.t({"鍵番号", "Key"})}}, rows,
                      page.t({"登録されているセキュリティキーはありません。", "None."}));
  if (page.session.host.empty()) {
    inside +=
        note(Tone::kWarn, page.t({"この環境では使えません（設定 [operators] host がありません）。",
                                  "Not here: [operators] host is not configured."}));
  } else {
    inside += element("p", link("/account/key",
                                page.t({"セキュリティキーを登録する", "Register a security key"})));
  }
  return section(page.t({"セキュリティキー", "Security keys"}), inside);
}

}  // namespace

Markup accounts_table(const PageContext& page, const OperatorList& list) {
  std::vector<std::vector<Markup>> rows;
  std::size_t active = 0;
  for (const auto& line : list.operators) {
    if (line.status == AccountStatus::kActive) ++active;
    const auto roles = roles_words(page.words, line.roles);
    const bool counts = line.status == AccountStatus::kActive;
    rows.push_back({text(line.name.text()), status_cell(page, line), text(roles),
                    text(page.t(words_of(line.affiliation))), day_cell(page, line.ends_on, false),
                    day_cell(page, line.last_used_on, false),
                    day_cell(page, line.password_due_on, counts),
                    day_cell(page, line.review_due_on, counts)});
  }
  const auto caption = page.t({"有効な利用者 ", "Active accounts: "}) + std::to_string(active) +
                       page.t({"人（上限 ", " of at most "}) + std::to_string(list.active_max) +
                       page.t({"人）", ""});
  return table(caption,
               {{page.t({"利用者ID", "Account"})},
                {page.t({"状態", "Status"})},
                {page.t({"役割", "Roles"})},
                {page.t({"所属", "Affiliation"})},
                {page.t({"有効期限", "Ends on"})},
                {page.t({"最終利用日", "Last used"})},
                {page.t({"パスワード変更期限", "Password due"})},
                {page.t({"権限確認期限", "Review due"})}},
               rows, page.t({"利用者がいません。", "No accounts."}));
}

Markup operators_main(const PageContext& page, const OperatorList& list) {
  return section(page.t({"利用者と権限の確認", "Accounts and their review"}),
                 accounts_table(page, list)) +
         account_orders(page, list);
}

Markup approvals_main(const PageContext& page, const PendingList& list) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& one : list.pending) {
    const auto& action = one.action;
    rows.push_back(
        {link("/approvals/" + action.id.text(), page.t(words_of_action(action.code.text()))),
         text(action.reason.text()), text(action.proposer.text()),
         text(page.words.time(one.proposed_at)), text(page.words.time(action.expires_at))});
  }
  return section(page.t({"別の人の承認を待つ申請", "What waits for a second person"}),
                 table(page.words.count(list.pending.size(), {"件", " requests"}),
                       {{page.t({"操作", "Action"})},
                        {page.t({"処理事由", "Reason"})},
                        {page.t({"申請者", "Proposed by"})},
                        {page.t({"申請日時", "Proposed"})},
                        {page.t({"期限", "Expires"})}},
                       rows, page.t({"承認待ちの申請はありません。", "Nothing waits."})));
}

Markup account_main(const PageContext& page, std::string_view said) {
  Markup out;
  if (!said.empty()) out += note(Tone::kBad, said);
  out += section(page.t({"ログイン情報", "Log-in"}),
                 facts({{page.t({"利用者ID", "Account"}), text(page.session.name.text())},
                        {page.t({"パスワードの変更期限", "Password due"}),
                         day_cell(page, page.session.password_due_on, true)},
                        {page.t({"認証アプリ", "Authenticator app"}),
                         text(page.session.code_enrolled ? page.t({"登録あり", "enrolled"})
                                                         : page.t({"登録なし", "not enrolled"}))},
                        {page.t({"操作のない場合の終了", "Ends when idle for"}),
                         text(page.words.duration(page.session.idle_seconds))}}));
  out += keys_section(page);
  if (page.may("operator.roles")) out += roles_section(page);
  const auto password = [&](const char* name, Both label, const char* hint) {
    return field({.name = name,
                  .label = page.t(label),
                  .type = "password",
                  .hint = hint,
                  .autocomplete = name[0] == 'n' ? "new-password" : "current-password",
                  .length_max = kPasswordBytesMax});
  };
  const auto rule = page.t({"12文字以上で5種類以上の文字を使い、利用者IDを含めないでください。",
                            "At least 12 characters, five different ones, without your name."});
  const auto inside = password("password", {"現在のパスワード", "Present password"}, "") +
                      password("new_password", {"新しいパスワード", "New password"}, rule.c_str()) +
                      button(page.t({"変更する", "Change"}));
  out += section(page.t({"パスワードの変更", "Change the password"}),
                 post_form(page, "/account/password", inside));
  const auto app =
      element(
          "p",
          page.t({"ログインのときに、認証アプリの確認コードも求めます。操作の署名には使えません。",
                  "Logging in then asks for the app's code too. It signs no order."})) +
      post_form(page, "/account/totp",
                password("password", {"現在のパスワード", "Present password"}, "") +
                    button(page.t({"登録に進む", "Continue"})));
  return out + section(page.t({"認証アプリの登録", "Authenticator app"}), app);
}

}  // namespace certrelay
