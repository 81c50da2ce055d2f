// Pages of the service as it is now: today, the kinds, the register, what ends when.
#include "protocol/wire/health_reasons.hpp"
#include "relay/console/hours_chart.hpp"
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::days kSoon{60};

Markup count_of(const PageContext& page, std::uint64_t number, Both unit) {
  return text(page.words.count(number, unit));
}

Markup state_badge(const PageContext& page) {
  if (page.state.alarm) return badge(Tone::kBad, page.t({"警報により停止", "Stopped by alarm"}));
  if (page.state.issuing_stopped) {
    return badge(Tone::kWarn, page.t({"操作により停止中", "Stopped by operator"}));
  }
  if (page.state.ready && !page.state.suspended_kinds.empty()) {
    return badge(Tone::kWarn, page.t({"一部休止中", "Partly suspended"}));
  }
  return page.state.ready ? badge(Tone::kGood, page.t({"交付できます", "Ready to issue"}))
                          : badge(Tone::kBad, page.t({"交付できません", "Not ready"}));
}

Markup kind_badge(const PageContext& page, const OverviewKind& kind) {
  if (kind.suspended) return badge(Tone::kWarn, page.t({"休止中", "Suspended"}));
  return kind.open ? badge(Tone::kGood, page.t({"提供時間内", "Open"}))
                   : badge(Tone::kPlain, page.t({"提供時間外", "Closed by calendar"}));
}

Markup checks_table(const PageContext& page) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& check : page.state.checks) {
    const auto bad = health_warns(check.reason)
                         ? badge(Tone::kWarn, page.t({"注意", "Warning"}))
                         : badge(Tone::kBad, page.t({"要対応", "Needs care"}));
    rows.push_back({text(page.t(check_words(check.name))),
                    check.ok ? badge(Tone::kGood, page.t({"正常", "Good"})) : bad,
                    text(page.t({health_words(check.reason), check.reason}))});
  }
  return table(
      page.t({"現在の点検結果", "As of now"}),
      {{page.t({"項目", "Check"})}, {page.t({"状態", "State"})}, {page.t({"詳細", "Detail"})}},
      rows, page.t({"点検項目はありません。", "No checks."}));
}

Markup kinds_table(const PageContext& page) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& kind : page.overview.kinds) {
    Markup why;
    if (kind.note) {
      why = text(std::string(kind.note->reason.text()) + page.t({"（", " ("}) +
                 std::string(kind.note->by.text()) + page.t({"、", ", "}) +
                 page.words.time(kind.note->at) + page.t({"）", ")"}));
    } else if (kind.suspended) {
      why = text(page.t({"再起動前からの休止です。事由は提供記録の検索で確認してください。",
                         "Suspended before the last start: see the ledger."}));
    }
    rows.push_back(
        {text(page.t(words_of(kind.kind))), kind_badge(page, kind), text(kind.hours), why});
  }
  return table(page.t({"証明書の種類と提供時間", "Certificates and hours"}),
               {{page.t({"証明書", "Certificate"})},
                {page.t({"状態", "State"})},
                {page.t({"提供時間", "Hours"})},
                {page.t({"休止の事由", "Reason of suspension"})}},
               rows, page.t({"取り扱う証明書がありません。", "No certificate is offered."}));
}

Markup reasons_table(const PageContext& page, const DayFigures& figures) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& [code, count] : figures.reasons) {
    const bool ended = code == ErrorCode::kNone;
    rows.push_back({text(page.t(ended ? words_of(EntryKind::kAbandoned) : words_of_reason(code))),
                    text(std::to_string(static_cast<unsigned>(code))),
                    text(std::to_string(count))});
  }
  return table(page.t({"本日の不交付の件数", "Refused today"}),
               {{page.t({"理由", "Reason"})},
                {page.t({"番号", "Code"}), true},
                {page.t({"件数", "Count"}), true}},
               rows, page.t({"本日の不交付はありません。", "Nothing was refused today."}));
}

Markup suspend_forms(const PageContext& page) {
  Markup out;
  for (const auto& kind : page.overview.kinds) {
    const std::string code = kind.suspended ? "kind.resume" : "kind.suspend";
    if (!page.may(code)) continue;
    out += order_form(page, code, {{"kind", std::string(to_text(kind.kind))}},
                      element("p", element("strong", page.t(words_of(kind.kind)))));
  }
  const std::string stop = page.state.issuing_stopped ? "issuing.resume" : "issuing.stop";
  if (page.may(stop)) out += order_form(page, stop, {});
  if (out.empty()) return out;
  return section(page.t({"操作", "Orders"}), element("div", {{"class", "orders"}}, out));
}

void put_counts(const PlanCounts& counts, std::vector<Markup>& row) {
  for (const auto count : {counts.added, counts.changed, counts.deleted, counts.unchanged}) {
    row.push_back(text(std::to_string(count)));
  }
}

Both push_words(ExtractState state) {
  switch (state) {
    case ExtractState::kReceiving:
      return {"受信中", "Receiving"};
    case ExtractState::kBuilding:
      return {"検査中", "Being checked"};
    case ExtractState::kReady:
      return {"適用待ち", "Ready"};
    case ExtractState::kPendingApproval:
      return {"承認待ち", "Waits for approval"};
    case ExtractState::kScheduled:
      return {"適用予約済み", "Scheduled"};
    case ExtractState::kActive:
      return {"適用済み", "In force"};
    case ExtractState::kRejected:
      return {"不受理", "Rejected"};
    case ExtractState::kSuperseded:
      return {"新しい世代に置換え済み", "Superseded"};
  }
  return {"不明", "unknown"};
}

Markup push_section(const PageContext& page, const OverviewPush& push) {
  std::vector<std::vector<Markup>> rows;
  const auto add = [&](Both name, const PlanCounts& counts) {
    std::vector<Markup> row{text(page.t(name))};
    put_counts(counts, row);
    rows.push_back(std::move(row));
  };
  add({"人", "Persons"}, push.person_changes);
  add({"世帯", "Households"}, push.household_changes);
  add({"カード", "Cards"}, push.card_changes);
  auto inside =
      facts({{page.t({"状態", "State"}), text(page.t(push_words(push.state)))},
             {page.t({"世代", "Generation"}), text(std::to_string(push.generation))},
             {page.t({"抽出日時", "Extracted"}), text(page.words.time(push.created))},
             {page.t({"人数", "Persons"}), count_of(page, push.persons, {"人", ""})},
             {page.t({"世帯数", "Households"}), count_of(page, push.households, {"世帯", ""})},
             {page.t({"受付番号", "Number"}), element("code", push.id.text())}});
  inside += table(page.t({"直前の世代との差", "Difference from the generation before"}),
                  {{page.t({"対象", "What"})},
                   {page.t({"追加", "Added"}), true},
                   {page.t({"変更", "Changed"}), true},
                   {page.t({"消除", "Deleted"}), true},
                   {page.t({"変更なし", "Unchanged"}), true}},
                  rows, "");
  if (push.state == ExtractState::kPendingApproval) {
    Markup orders;
    if (page.may("extract.approve")) {
      orders += order_form(page, "extract.approve", {{"extract", push.id.text()}});
    }
    if (page.may("extract.deny")) {
      orders += order_form(page, "extract.deny", {{"extract", push.id.text()}});
    }
    inside += element("div", {{"class", "orders"}}, orders);
  }
  return section(page.t({"直近の抽出データ", "The last extract"}), inside);
}

Both register_words(std::string_view reason) {
  if (reason == "ready") return {"利用できます", "Ready"};
  if (reason == "none") return {"抽出データが未適用です", "No extract yet"};
  if (reason == "too_old") return {"古いため利用できません", "Too old"};
  if (reason == "clock") return {"時計を確認できません", "Clock is doubted"};
  return {"異動通番が欠けています", "A change is missing"};
}

}  // namespace

Markup today_main(const PageContext& page, const std::vector<Entry>* provided,
                  const std::vector<Entry>* refused, bool cut) {
  Markup out;
  DayFigures figures;
  std::vector<std::pair<std::string, Markup>> top{
      {page.t({"交付の状態", "State"}), state_badge(page)}};
  if (provided != nullptr && refused != nullptr) {
    figures = day_figures(*provided, *refused);
    top.emplace_back(page.t({"本日の交付", "Issued today"}),
                     count_of(page, figures.issued_all, {"件", ""}));
    top.emplace_back(page.t({"本日の不交付", "Refused today"}),
                     count_of(page, figures.refused_all, {"件", ""}));
  }
  top.emplace_back(page.t({"承認待ち", "Approvals"}),
                   count_of(page, page.state.pending_approvals, {"件", ""}));
  out += element("section", {{"class", "figures"}, {"aria-label", page.t({"概況", "Summary"})}},
                 facts(top));
  if (provided != nullptr && refused != nullptr) {
    if (cut) {
      out += note(Tone::kWarn, page.t({"記録が多いため、途中までの件数です。",
                                       "Too many entries: counted in part."}));
    }
    out += section(page.t({"時間帯ごとの交付と不交付", "Issued and refused by the hour"}),
                   hours_chart(page.words, figures) + hours_table(page.words, figures));
    out += section(page.t({"不交付の理由", "Why refused"}), reasons_table(page, figures));
  }
  return out + section(page.t({"点検項目", "Checks"}), checks_table(page));
}

Markup service_main(const PageContext& page) {
  return section(page.t({"証明書ごとの状態", "Certificates"}), kinds_table(page)) +
         suspend_forms(page);
}

Markup register_main(const PageContext& page) {
  const auto& reg = page.overview.reg;
  const bool ready = reg.reason == "ready";
  const bool near = reg.age_s * 4 >= reg.age_max_s * 3;
  auto age = text(page.words.duration(reg.age_s));
  if (ready && near) age += text(" ") + badge(Tone::kWarn, page.t({"期限間近", "Near its bound"}));
  auto out = section(
      page.t({"現在の証明書情報", "The register in force"}),
      facts({{page.t({"状態", "State"}),
              badge(ready ? Tone::kGood : Tone::kBad, page.t(register_words(reg.reason)))},
             {page.t({"世代", "Generation"}), text(std::to_string(reg.generation))},
             {page.t({"異動通番", "Change"}), text(std::to_string(reg.sequence))},
             {page.t({"最終連絡", "Last contact"}), text(page.words.time(reg.last_contact))},
             {page.t({"経過時間", "Age"}), age},
             {page.t({"利用できる上限", "Bound"}), text(page.words.duration(reg.age_max_s))},
             {page.t({"異動の保留による交付制限", "Households closed"}),
              count_of(page, reg.quarantined, {"世帯", ""})}}));
  if (reg.push) return out + push_section(page, *reg.push);
  return out + section(page.t({"直近の抽出データ", "The last extract"}),
                       element("p", {{"class", "empty"}},
                               page.t({"起動後に受け付けた抽出データはありません。",
                                       "None since the last start."})));
}

Markup certificates_main(const PageContext& page) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& thing : page.overview.ends) {
    Markup days = text("-"), state = badge(Tone::kBad, page.t({"読み取れません", "Unreadable"}));
    if (thing.until) {
      const auto left = *thing.until - page.overview.now;
      const auto whole = std::chrono::floor<std::chrono::days>(left).count();
      days = text(std::to_string(whole));
      // A list is new every few days: what counts is that the next one comes.
      const auto soon = thing.name.starts_with("crl.") ? std::chrono::days{1} : kSoon;
      state = left <= std::chrono::milliseconds{0}
                  ? badge(Tone::kBad, page.t({"期限切れ", "Ended"}))
              : left < soon ? badge(Tone::kWarn, page.t({"期限間近", "Ends soon"}))
                            : badge(Tone::kGood, page.t({"有効", "Valid"}));
    }
    rows.push_back({text(page.t(check_words(thing.name))), element("code", thing.name),
                    text(page.words.time(thing.until)), days, state});
  }
  return section(page.t({"証明書と失効リスト", "Certificates and revocation lists"}),
                 table(page.t({"有効期限と残り日数", "Ends, and days left"}),
                       {{page.t({"種類", "What"})},
                        {page.t({"名称", "Name"})},
                        {page.t({"期限", "Until"})},
                        {page.t({"残り日数", "Days left"}), true},
                        {page.t({"状態", "State"})}},
                       rows, page.t({"対象がありません。", "None."})));
}

}  // namespace certrelay
