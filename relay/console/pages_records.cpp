// Pages of what the ledger has: a search, alarms, erasures, results that are missing, reports.
#include "protocol/wire/action_words.hpp"
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

std::string text_of(const auto& id) { return id ? std::string(id->text()) : std::string(); }

// Whom or what an entry is about, in one cell.
Markup subject_of(const PageContext& page, const Entry& entry) {
  Markup out;
  const auto add = [&](const std::string& value) {
    if (value.empty()) return;
    if (!out.empty()) out += void_element("br", {});
    out += element("code", value);
  };
  add(text_of(entry.transaction));
  add(text_of(entry.document));
  add(text_of(entry.account));
  if (entry.action) {
    if (!out.empty()) out += void_element("br", {});
    const auto code = entry.action->text();
    const bool japanese = page.words.language() == Language::kJapanese;
    out += text(japanese ? spoken_action(code) : english_spoken_action(code));
  }
  return out;
}

Markup who_of(const Entry& entry) {
  auto out = text(text_of(entry.operator_name));
  if (entry.approver) out += text(" → " + text_of(entry.approver));
  if (entry.terminal) out += text(" @" + text_of(entry.terminal));
  if (entry.kiosk) out += text(text_of(entry.kiosk));
  return out;
}

Markup reason_of(const PageContext& page, const Entry& entry) {
  Markup out;
  if (entry.reason != ErrorCode::kNone) {
    out += text(numbered_reason(page.words, entry.reason));
  }
  if (entry.stated_reason) {
    if (!out.empty()) out += void_element("br", {});
    out += text(entry.stated_reason->text());
  }
  return out;
}

Markup erasure_facts(const PageContext& page) {
  const auto& erasure = page.state.erasure;
  const auto tone = erasure.overdue || erasure.residue_overdue || erasure.unfinished;
  return facts(
      {{page.t({"状態", "State"}),
        tone ? badge(Tone::kBad, page.t({"期限超過または中断", "Overdue or unfinished"}))
             : badge(Tone::kGood, page.t({"期限内", "Within its bounds"}))},
       {page.t({"消去待ち", "Pending"}), text(page.words.count(erasure.pending, {"人", ""}))},
       {page.t({"最も古い消除", "Oldest deletion"}), text(page.words.time(erasure.pending_since))},
       {page.t({"消去の期限", "To be erased by"}), text(page.words.time(erasure.bound))},
       {page.t({"残存データの除去待ち", "Residue"}),
        text(page.words.count(erasure.waiting_for_residue, {"件", ""}))},
       {page.t({"自動消去", "Standing order"}),
        text(erasure.standing ? page.t({"設定あり", "in force"}) : page.t({"設定なし", "none"}))}});
}

Markup cut_note(const PageContext& page, bool cut) {
  if (!cut) return {};
  return note(Tone::kWarn, page.t({"件数が多いため、途中まで表示しています。期間を絞ってください。",
                                   "Too many entries: a part is shown. Narrow the period."}));
}

}  // namespace

Markup entries_table(const PageContext& page, const std::string& caption,
                     const std::vector<Entry>& entries, const std::string& when_empty) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& entry : entries) {
    rows.push_back({text(std::to_string(entry.sequence.value())), text(page.words.time(entry.utc)),
                    text(page.t(words_of(entry.kind))), subject_of(page, entry), who_of(entry),
                    reason_of(page, entry)});
  }
  return table(caption,
               {{page.t({"番号", "No."}), true},
                {page.t({"日時", "Time"})},
                {page.t({"種類", "Kind"})},
                {page.t({"取引・証明書・操作", "Transaction, document, action"})},
                {page.t({"操作者・端末", "Who, where"})},
                {page.t({"理由・事由", "Reason"})}},
               rows, when_empty);
}

Markup ledger_main(const PageContext& page, const Form* asked, const std::vector<Entry>* found,
                   bool cut) {
  const auto kept = [&](std::string_view name) {
    return asked == nullptr ? std::string() : std::string(asked->get(name));
  };
  const auto day = [&](const char* name, Both label) {
    return field({.name = name,
                  .label = page.t(label),
                  .type = "date",
                  .value = kept(name),
                  .required = false});
  };
  auto inside =
      day("from_day", {"開始日", "From"}) + day("until_day", {"終了日（その日を含む）", "Until"});
  inside += choice_field("outcome", page.t({"結果", "Outcome"}),
                         {{"", page.t({"すべて", "All"})},
                          {"provided", page.t({"提供", "Provided"})},
                          {"refused", page.t({"不提供", "Refused"})},
                          {"printed", page.t({"印刷済み", "Printed"})},
                          {"not_printed", page.t({"印刷されず", "Not printed"})},
                          {"unresolved", page.t({"結果不明", "Unresolved"})}},
                         kept("outcome"));
  const auto id = [&](const char* name, Both label) {
    return field({.name = name,
                  .label = page.t(label),
                  .value = kept(name),
                  .required = false,
                  .length_max = 40});
  };
  inside += id("transaction", {"取引番号", "Transaction"});
  inside += id("document", {"文書番号", "Document"}) + id("kiosk", {"キオスク端末", "Kiosk"});
  inside = element("div", {{"class", "fields"}}, inside);
  inside += field({.name = "reason",
                   .label = page.t({"処理事由", "Reason"}),
                   .value = kept("reason"),
                   .hint = page.t({"検索したことと事由は、提供記録に記録されます。",
                                   "The search and its reason are recorded."}),
                   .length_max = 160});
  inside += button(page.t({"検索する", "Search"}));
  auto out = section(page.t({"検索条件", "Search"}), post_form(page, "/ledger", inside));
  if (found == nullptr) return out;
  return out + cut_note(page, cut) +
         section(page.t({"検索結果", "Found"}),
                 entries_table(page, page.words.count(found->size(), {"件", " entries"}), *found,
                               page.t({"該当する記録はありません。", "No entry agrees."})));
}

Markup alarms_main(const PageContext& page, const std::vector<Entry>& story,
                   const std::vector<Entry>& history, bool cut) {
  Markup out;
  if (page.state.alarm) {
    const auto& alarm = *page.state.alarm;
    auto inside =
        facts({{page.t({"状態", "State"}), badge(Tone::kBad, page.t({"発生中", "Latched"}))},
               {page.t({"警報番号", "Alarm"}), text(alarm.label)},
               {page.t({"理由", "Reason"}),
                text(numbered_reason(page.words, static_cast<ErrorCode>(alarm.reason)))}});
    inside += entries_table(page, page.t({"発生までの経過", "How it came about"}), story,
                            page.t({"記録がありません。", "No entries."}));
    if (page.may("alarm.clear")) {
      inside +=
          element("p", page.t({"原因を確認し、交付した証明書に誤りがないことを確かめてから解除し"
                               "てください。",
                               "Clear it only when the cause is known and every certificate "
                               "handed out was right."}));
      inside += order_form(page, "alarm.clear", {{"alarm", alarm.label}});
    }
    out += section(page.t({"現在の警報", "The alarm now"}), inside);
  } else {
    out += note(Tone::kGood, page.t({"現在、警報は発生していません。", "No alarm is latched."}));
  }
  return out + cut_note(page, cut) +
         section(page.t({"直近7日間の警報と事故の通知", "Alarms and incidents of seven days"}),
                 entries_table(page, page.t({"警報と事故", "Alarms and incidents"}), history,
                               page.t({"ありません。", "None."})));
}

Markup erasures_main(const PageContext& page, const std::vector<Entry>& evidence, bool cut) {
  auto out = section(page.t({"消去の状況", "Erasures"}), erasure_facts(page));
  if (page.may("erase.due")) {
    Markup orders;
    if (page.state.erasure.pending > 0) orders += order_form(page, "erase.due", {});
    const std::string standing =
        page.state.erasure.standing ? "erase.standing_order_end" : "erase.standing_order";
    if (page.may(standing)) orders += order_form(page, standing, {});
    if (!orders.empty()) {
      out += section(page.t({"操作", "Orders"}), element("div", {{"class", "orders"}}, orders));
    }
  }
  return out + cut_note(page, cut) +
         section(page.t({"消去の証跡（直近7日間）", "Evidence of seven days"}),
                 entries_table(page, page.t({"消去の記録", "Erasures"}), evidence,
                               page.t({"消去の記録はありません。", "None."})) +
                     element("p", {{"class", "hint"}},
                             page.t({"消去の実施記録は certrelayctl erase report で作成できます。",
                                     "certrelayctl erase report makes the record of "
                                     "erasures."})));
}

Markup unresolved_main(const PageContext& page, std::string_view daily_csv) {
  auto out = report_view(daily_csv);
  if (!page.may("result.close")) return out;
  return out +
         order_form(page, "result.close", {},
                    field({.name = "p_transaction",
                           .label = page.t({"取引番号", "Transaction"}),
                           .hint = page.t({"紙の有無を店舗またはセンターに確認してから処理して"
                                           "ください。",
                                           "Ask the shop or the center about the paper "
                                           "first."}),
                           .length_max = 36}));
}

Markup reports_main(const PageContext& page) {
  auto inside = choice_field(
      "report", page.t({"報告書", "Report"}),
      {{"daily", page.t({"日次（未解決の一覧）例: 2026-11-30", "Daily, e.g. 2026-11-30"})},
       {"monthly", page.t({"月次確認　例: 2026-11", "Monthly, e.g. 2026-11"})},
       {"quarterly", page.t({"四半期点検　例: 2026-Q3", "Quarterly, e.g. 2026-Q3"})},
       {"access", page.t({"利用者点検　例: 2026-Q3", "Access, e.g. 2026-Q3"})},
       {"annual", page.t({"年次自己点検　例: 2026", "Annual, e.g. 2026"})}});
  inside += field({.name = "period",
                   .label = page.t({"対象期間", "Period"}),
                   .hint = page.t({"年度は4月に始まります。", "The fiscal year begins in April."}),
                   .length_max = 10});
  inside += choice_field("format", page.t({"形式", "Format"}),
                         {{"pdf", "PDF"}, {"csv", "CSV"}, {"text", page.t({"テキスト", "Text"})}});
  inside += field({.name = "reason",
                   .label = page.t({"処理事由", "Reason"}),
                   .hint = page.t({"出力したことと事由は、提供記録に記録されます。",
                                   "The export and its reason are recorded."}),
                   .length_max = 160});
  inside += button(page.t({"作成する", "Make"}));
  return section(page.t({"報告書の作成", "Make a report"}), post_form(page, "/reports", inside)) +
         element("p", {{"class", "hint"}},
                 page.t({"報告書の確認（署名）は certrelayctl report sign-off で行います。",
                         "Reports are signed off by certrelayctl report sign-off."}));
}

}  // namespace certrelay
