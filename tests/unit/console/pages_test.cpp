// Goal: the pages say what the vault said, and no more than the role may see.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "protocol/record/entry_words.hpp"
#include "protocol/record/reason_words.hpp"
#include "protocol/wire/action_words.hpp"
#include "relay/console/hours_chart.hpp"
#include "relay/console/visit.hpp"
#include "relay/operators/roles.hpp"

namespace certrelay {
namespace {

UtcTime at(std::string_view time) { return parse_rfc3339(time).value(); }

PageContext page_of(std::vector<std::string> may) {
  SessionView session{.name = OperatorName::parse("mihon-clerk").value(),
                      .roles = {OperatorRole::kClerk},
                      .csrf_token = std::string(43, 'A'),
                      .idle_seconds = 900,
                      .password_due_on = std::nullopt,
                      .code_enrolled = false,
                      .host = "localhost",
                      .may = std::move(may)};
  Overview overview{
      .now = at("2026-11-30T14:05:00+09:00"),
      .municipality = MunicipalityCode::parse("392901").value(),
      .municipality_name = "土佐みなと市",
      .demo = true,
      .kinds = {{.kind = CertificateKind::kJuminhyo,
                 .open = true,
                 .suspended = false,
                 .note = std::nullopt,
                 .hours = "6時30分から23時まで"}},
      .reg = {"ready", 3, 7, at("2026-11-30T14:04:00+09:00"), 60, 93'600, 0, {}},
      .ends = {{"tls.admin", at("2026-12-10T00:00:00+09:00")}, {"crl.1", std::nullopt}}};
  return {Words(Language::kJapanese), std::move(session), std::move(overview), RelayState{}};
}

std::string shown(const HttpAnswer& answer) { return std::string(as_text(answer.body)); }
bool has(const Markup& markup, std::string_view part) {
  return markup.bytes().find(part) != std::string::npos;
}

Entry entry_at(EntryKind kind, std::string_view time, ErrorCode reason = ErrorCode::kNone) {
  Entry out;
  out.kind = kind;
  out.utc = at(time);
  out.reason = reason;
  return out;
}

TEST(ConsolePages, MenuShowsWhatTheVaultSaidThePersonMay) {
  const auto little = shown(page_answer(page_of({"state.read"}), "/today", "x", Markup()));
  EXPECT_EQ(little.find("/ledger"), std::string::npos);
  EXPECT_EQ(little.find("/operators"), std::string::npos);
  EXPECT_NE(little.find("/service"), std::string::npos);
  const auto more = shown(page_answer(page_of({"ledger.read"}), "/today", "x", Markup()));
  EXPECT_NE(more.find("/ledger"), std::string::npos);
}

TEST(ConsolePages, OrdersAreThereForWhomTheyAre) {
  EXPECT_FALSE(has(service_main(page_of({})), "kind.suspend"));
  const auto main = service_main(page_of({"kind.suspend", "kind.resume", "issuing.stop"}));
  EXPECT_TRUE(has(main, "value=\"kind.suspend\""));
  EXPECT_FALSE(has(main, "value=\"kind.resume\""));  // it is not suspended
  EXPECT_TRUE(has(main, std::string(43, 'A')));      // with the session's token
}

TEST(ConsolePages, AFailedCheckSaysWhyInTheReadersLanguage) {
  auto page = page_of({"state.read"});
  page.state.checks = {{"alarm", false, "latched, error 720"}};
  EXPECT_TRUE(has(today_main(page, nullptr, nullptr, false),
                  "警報により交付を停止しています（エラー 720）"));
  page.words = Words(Language::kEnglish);
  EXPECT_TRUE(has(today_main(page, nullptr, nullptr, false), "latched, error 720"));
}

TEST(ConsolePages, ScriptsRunOnPagesThatSignAlone) {
  const auto policy = [](Scripts scripts) {
    const auto answer = page_answer(page_of({}), "/today", "x", Markup(), scripts);
    return std::string(only_header(answer.headers, "content-security-policy").value());
  };
  EXPECT_EQ(policy(Scripts::kNone).find("script-src"), std::string::npos);
  EXPECT_NE(policy(Scripts::kNone).find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy(Scripts::kSecurityKey).find("script-src 'self'"), std::string::npos);
  EXPECT_EQ(policy(Scripts::kSecurityKey).find("unsafe"), std::string::npos);
}

Entry turned_away_at(std::string_view time, ErrorCode reason, std::uint64_t count) {
  auto out = entry_at(EntryKind::kGateRefusals, time, reason);
  out.role = Role::kCenter;
  out.count = count;
  return out;
}

TEST(ConsolePages, TodayCountsByTheHourInJapan) {
  const std::vector provided{entry_at(EntryKind::kProvisionIntent, "2026-11-30T08:59:59+09:00"),
                             entry_at(EntryKind::kProvisionIntent, "2026-11-30T09:00:00+09:00"),
                             entry_at(EntryKind::kProvisionInquiry, "2026-11-30T09:00:00+09:00")};
  const std::vector refused{
      entry_at(EntryKind::kRefusal, "2026-11-30T00:00:00+09:00", ErrorCode::kUnknownPerson),
      entry_at(EntryKind::kExpired, "2026-11-30T00:00:00+09:00", ErrorCode::kStepExpired),
      entry_at(EntryKind::kAbandoned, "2026-11-30T01:00:00+09:00"),
      turned_away_at("2026-11-30T10:59:00+09:00", ErrorCode::kKindSuspended, 3),
      turned_away_at("2026-11-30T10:59:00+09:00", ErrorCode::kHandshakeFailed, 50)};
  const auto figures = day_figures(provided, refused);
  EXPECT_EQ(figures.refused.at(10), 3U);
  EXPECT_EQ(figures.refused_all, 6U);
  EXPECT_EQ(figures.issued.at(8), 1U);
  EXPECT_EQ(figures.issued.at(9), 1U);
  EXPECT_EQ(figures.issued_all, 2U);
  EXPECT_EQ(figures.refused.at(0), 2U);
  const auto main = today_main(page_of({}), &provided, &refused, false);
  EXPECT_TRUE(has(main, "<svg"));
  EXPECT_TRUE(has(main, "証明書情報に登録のない方"));
  EXPECT_TRUE(has(main, "停止または再起動による終了"));
  EXPECT_TRUE(has(main, "9時台"));
  EXPECT_TRUE(has(main, "10時台"));
  EXPECT_FALSE(has(main, "11時台"));
}

TEST(ConsolePages, CertificatesSayHowLongAndWhatCannotBeRead) {
  const auto main = certificates_main(page_of({}));
  EXPECT_TRUE(has(main, ">9<"));  // days left
  EXPECT_TRUE(has(main, "期限間近"));
  EXPECT_TRUE(has(main, "読み取れません"));
}

TEST(ConsolePages, TheRegisterShowsItsLastExtractAndItsDifference) {
  auto page = page_of({"extract.approve"});
  EXPECT_TRUE(has(register_main(page), "起動後に受け付けた抽出データはありません"));
  page.overview.reg.push =
      OverviewPush{ExtractId::parse("3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f").value(),
                   ExtractState::kPendingApproval,
                   4,
                   at("2026-11-30T02:00:00+09:00"),
                   150,
                   61,
                   {.added = 11, .changed = 22, .deleted = 33, .unchanged = 84},
                   {},
                   {}};
  const auto main = register_main(page);
  EXPECT_TRUE(has(main, "承認待ち"));
  for (const auto* count : {">11<", ">22<", ">33<", ">84<"}) EXPECT_TRUE(has(main, count));
  EXPECT_TRUE(has(main, "value=\"extract.approve\""));
  EXPECT_FALSE(has(main, "value=\"extract.deny\""));
}

TEST(ConsolePages, WhatTwoPersonsDoIsSaidAsTheVaultHasIt) {
  for (const auto& permission : kPermissions) {
    if (permission.verb.ends_with(".read")) continue;
    EXPECT_EQ(order_needs_two(permission.verb), !permission.approve.empty()) << permission.verb;
  }
}

TEST(ConsolePages, OrdersComeBackAsTheyWereShown) {
  const auto proposer = OperatorName::parse("mihon-clerk").value();
  const OperatorAction action{ActionId::parse("3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f").value(),
                              proposer,
                              ActionCode::parse("kind.suspend").value(),
                              {{"kind", "juminhyo"}},
                              StatedReason::parse("見本: <用紙> & \"点検\"").value(),
                              at("2026-11-30T15:00:00+09:00")};
  Markup fields;
  put_fields(fields, action);
  EXPECT_TRUE(has(fields, "&lt;用紙&gt; &amp; &quot;点検&quot;"));
  const auto form =
      Form::parse(as_bytes("action_id=3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f&code=kind.suspend"
                           "&p_kind=juminhyo&expires_at=2026-11-30T15%3A00%3A00%2B09%3A00"
                           "&reason=%E8%A6%8B%E6%9C%AC%3A+%3C%E7%94%A8%E7%B4%99%3E+%26+%22"
                           "%E7%82%B9%E6%A4%9C%22"));
  const auto back = action_in(form.value(), proposer);
  ASSERT_TRUE(back);
  EXPECT_EQ(back.value(), action);
}

// Officials read Japanese: no name of a program's own is left on a page.
TEST(ConsolePages, EveryActionEntryAndCheckHasItsJapanese) {
  for (const auto& permission : kPermissions) {
    EXPECT_NE(action_words(permission.verb), permission.verb) << permission.verb;
  }
  std::size_t kinds = 0;
  for (unsigned number = 0; number < 400; ++number) {
    const auto kind = static_cast<EntryKind>(number);
    const auto plain = to_text(kind);
    if (!parse_entry_kind(plain)) continue;
    ++kinds;
    EXPECT_NE(happening_words(kind), plain) << plain;
    EXPECT_NE(english_happening_words(kind), plain) << plain;
  }
  EXPECT_GT(kinds, 60U);
  std::string source;
  for (const auto* file : {"vault_health.cpp", "health.cpp", "site_look.cpp"}) {
    std::ifstream in(std::string(CERTRELAY_DAEMON_FOLDER) + "/" + file);
    ASSERT_TRUE(in.good()) << file;
    source += std::string{std::istreambuf_iterator<char>(in), {}};
  }
  const std::regex names("check\\(\"([a-z_]+)\"|\\{\\s*\"([a-z_]+)\",\\s*health_text");
  std::size_t checks = 0;
  for (std::sregex_iterator at(source.begin(), source.end(), names), end; at != end; ++at) {
    const auto name = (*at)[1].matched ? (*at)[1].str() : (*at)[2].str();
    EXPECT_NE(check_words(name).ja, name) << name;
    ++checks;
  }
  EXPECT_GE(checks, 15U);
}

// One table for pages, reports and the command line; no code of the inner vocabulary is without.
TEST(ConsolePages, EveryReasonHasItsWordsInBothLanguages) {
  std::ifstream in(std::string(CERTRELAY_DAEMON_FOLDER) + "/../../protocol/base/error.hpp");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  const std::regex codes("  k\\w+ = (\\d+),");
  std::set<unsigned long> known;
  for (std::sregex_iterator at(source.begin(), source.end(), codes), end; at != end; ++at) {
    const auto number = std::stoul((*at)[1].str());
    // 0 is no reason, and from 800 on nothing reaches the ledger.
    if (number > 0 && number < 800) known.insert(number);
  }
  EXPECT_GT(known.size(), 300U);
  // A number is decided upon when it is given: a new code, and one that is none, are found here.
  for (unsigned number = 1; number < 1000; ++number) {
    const bool decided = reason_wording(static_cast<ErrorCode>(number)) != ReasonWording::kNone;
    EXPECT_EQ(decided, known.contains(number)) << number;
  }
  EXPECT_EQ(numbered_reason(Words(Language::kJapanese), ErrorCode::kCardRevoked),
            numbered_reason_words(ErrorCode::kCardRevoked));
  EXPECT_EQ(numbered_reason(Words(Language::kEnglish), ErrorCode::kCardRevoked),
            "Card revoked (127)");
}

TEST(ConsolePages, AnEntrySaysWhatWasDoneInTheReadersLanguage) {
  auto entry = entry_at(EntryKind::kOperatorRefused, "2026-11-30T09:05:00+09:00",
                        ErrorCode::kRoleNotAllowed);
  entry.action = ActionCode::parse("log_in").value();
  const auto main = entries_table(page_of({}), "記録", {entry}, "");
  EXPECT_TRUE(has(main, ">ログイン<"));
  EXPECT_TRUE(has(main, "2026年11月30日 9時05分"));
  EXPECT_TRUE(has(main, "権限のない操作（745）"));
  entry.action = ActionCode::parse("erasure.12").value();
  EXPECT_TRUE(has(entries_table(page_of({}), "記録", {entry}, ""), "消去 第12号"));
  for (const auto* code :
       {"password.change", "password.reset", "totp.offer", "totp.enrol", "key.challenge",
        "key.offer", "operator.first", "enrolment.close", "incident.wrong_person",
        "incident.wrong_page", "incident.paper", "incident.unreadable_identity",
        "incident.duplicate_output", "incident.payment", "incident.other"}) {
    EXPECT_NE(action_words(code), code);
  }
}

// A hasty press of the button ends nobody's account.
TEST(ConsolePages, NobodyIsChosenBeforeSomebodyChooses) {
  const OperatorList list{.active_max = 9,
                          .operators = {{.name = OperatorName::parse("mihon-head").value(),
                                         .affiliation = Affiliation::kStaff,
                                         .roles = {OperatorRole::kCenterHead},
                                         .ends_on = {},
                                         .status = AccountStatus::kActive,
                                         .last_used_on = {},
                                         .unused = false}}};
  const auto main = operators_main(page_of({"operator.revoke"}), list);
  EXPECT_TRUE(
      has(main, "<select name=\"p_name\" required=\"\"><option value=\"\">選択してください"));
  EXPECT_FALSE(has(main, "selected"));
}

TEST(ConsolePages, ASearchKeepsWhatWasAsked) {
  const auto form = Form::parse(as_bytes("outcome=refused&reason=x")).value();
  const auto main = ledger_main(page_of({"ledger.read"}), &form, nullptr, false);
  EXPECT_TRUE(has(main, "<option value=\"refused\" selected=\"\">"));
}

TEST(ConsolePages, AReportIsShownCellByCell) {
  const auto main = report_view(
      "\xEF\xBB\xBF題名\r\n市区町村,x\r\n対象期間,y\r\n\r\n一覧\r\n説明です。\r\n取引,事由\r\n"
      "\"a,1\",\"<b>\"\"\"\r\n");
  EXPECT_TRUE(has(main, "<h2>一覧</h2>"));
  EXPECT_TRUE(has(main, "説明です。"));
  EXPECT_TRUE(has(main, "a,1"));
  EXPECT_TRUE(has(main, "&lt;b&gt;&quot;"));
  EXPECT_FALSE(has(main, "題名"));
  const auto numbers = report_view(
      "題名\r\n市区町村,x\r\n対象期間,y\r\n\r\n一覧\r\n金額,取引\r\n"
      "\"1,200\",08bcc240-fadb-4b7b-8eae-63290d53089c\r\n");
  EXPECT_TRUE(has(numbers, "class=\"number\">1,200<"));
  EXPECT_TRUE(has(numbers, "<code>08bcc240-fadb-4b7b-8eae-63290d53089c</code>"));
}

}  // namespace
}  // namespace certrelay
