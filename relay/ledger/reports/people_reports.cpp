// The reports about people: what vendors did (R40), who may still do what (R34).
#include <algorithm>

#include "relay/ledger/reports/report_maker.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

std::string roles_words(const std::vector<OperatorRole>& roles) {
  std::string out;
  for (const auto role : roles) {
    if (!out.empty()) out += "・";
    out += words(role);
  }
  return out;
}

std::string name_or_dash(const std::optional<OperatorName>& name) {
  return name ? std::string(name->text()) : "-";
}

std::string day_or_dash(const std::optional<JstDay>& day) { return day ? to_iso_day(*day) : "-"; }

std::vector<std::string> work_row(const Happening& one) {
  auto what = std::string(one.action ? action_words(one.action->text()) : "-");
  return {japanese_time(one.at), name_or_dash(one.who), std::string(happening_words(one.kind)),
          std::move(what), one.terminal ? std::string(one.terminal->text()) : "-"};
}

ReportTable work_table(std::string when_empty) {
  return {.columns = {{.heading = "日時", .share = 6},
                      {.heading = "利用者ID", .share = 5},
                      {.heading = "区分", .share = 3},
                      {.heading = "内容", .share = 5},
                      {.heading = "端末", .share = 3}},
          .rows = {},
          .when_empty = std::move(when_empty)};
}

bool changes_accounts(const Happening& one) {
  if (!one.action || one.kind == EntryKind::kOperatorRefused) return false;
  const auto code = one.action->text();
  return code == "operator.add" || code == "operator.revoke";
}

}  // namespace

Report ReportMaker::quarterly() const {
  auto out = bare("四半期点検報告書");
  auto work = work_table("この期間に委託先および再委託先が行った操作はありません。");
  for (const auto& one : figures_.operators) {
    if (is_vendor(one.who)) work.rows.push_back(work_row(one));
  }
  ReportTable vendors{.columns = {{.heading = "利用者ID", .share = 4},
                                  {.heading = "所属", .share = 2},
                                  {.heading = "状態", .share = 2},
                                  {.heading = "期限", .share = 2},
                                  {.heading = "最終利用", .share = 2}},
                      .rows = {},
                      .when_empty = "委託先および再委託先の利用者は登録されていません。"};
  for (const auto& one : setting_.operators) {
    if (!is_vendor(one.name)) continue;
    vendors.rows.push_back({std::string(one.name.text()), std::string(words(one.affiliation)),
                            std::string(words(one.status)), day_or_dash(one.ends_on),
                            day_or_dash(one.last_used_on)});
  }
  out.sections.push_back(
      {.heading = "委託先および再委託先の利用者", .sentences = {}, .table = std::move(vendors)});
  out.sections.push_back({.heading = "委託先および再委託先の操作",
                          .sentences = {"操作　" + grouped(work.rows.size()) + "件"},
                          .table = std::move(work)});
  ReportTable months{.columns = {{.heading = "月", .share = 3},
                                 {.heading = "証明書の交付", .share = 2, .number = true},
                                 {.heading = "不提供", .share = 2, .number = true},
                                 {.heading = "消去（人）", .share = 2, .number = true},
                                 {.heading = "月次確認", .share = 2}},
                     .rows = {},
                     .when_empty = ""};
  for (auto month = ReportPeriod::of(ReportKind::kMonthly, period_.from());
       month.from() < period_.until(); month = month.next()) {
    const auto found = months_.find(month.number());
    const auto& sums = found == months_.end() ? PeriodFigures() : found->second;
    months.rows.push_back({month.words(), grouped(sums.of(EntryKind::kProvisionIntent)),
                           grouped(sums.refused()), grouped(sums.residue_dropped),
                           review_words(month)});
  }
  out.sections.push_back({.heading = "月ごとの状況", .sentences = {}, .table = std::move(months)});
  ReportTable machine{.columns = {{.heading = "日時", .share = 2}, {.heading = "内容", .share = 3}},
                      .rows = {},
                      .when_empty = "この期間の起動、更新、媒体の接続はありません。"};
  for (const auto& one : figures_.machine) {
    machine.rows.push_back({japanese_time(one.at), std::string(happening_words(one.kind))});
  }
  out.sections.push_back({.heading = "サーバーの起動、更新、媒体の接続",
                          .sentences = {},
                          .table = std::move(machine)});
  sign(out);
  return out;
}

Report ReportMaker::access() const {
  auto out = bare("利用者点検報告書");
  ReportTable accounts{.columns = {{.heading = "利用者ID", .share = 5},
                                   {.heading = "状態", .share = 2},
                                   {.heading = "所属", .share = 2},
                                   {.heading = "役割", .share = 5},
                                   {.heading = "期限", .share = 3},
                                   {.heading = "最終利用", .share = 3},
                                   {.heading = "備考", .share = 4}},
                       .rows = {},
                       .when_empty = "利用者は登録されていません。"};
  std::size_t active = 0;
  std::size_t unused = 0;
  for (const auto& one : setting_.operators) {
    if (one.status == AccountStatus::kActive) ++active;
    if (one.unused) ++unused;
    accounts.rows.push_back({std::string(one.name.text()), std::string(words(one.status)),
                             std::string(words(one.affiliation)), roles_words(one.roles),
                             day_or_dash(one.ends_on), day_or_dash(one.last_used_on),
                             one.unused ? "90日以上利用なし" : ""});
  }
  out.sections.push_back({.heading = "利用者の一覧",
                          .sentences = {"有効な利用者　" + grouped(active) + "人（上限" +
                                            grouped(setting_.active_max) + "人）",
                                        "90日以上利用のない利用者　" + grouped(unused) + "人"},
                          .table = std::move(accounts)});
  auto changes = work_table("この期間の登録および失効はありません。");
  auto refused = work_table("この期間に拒否された操作はありません。");
  for (const auto& one : figures_.operators) {
    if (changes_accounts(one)) changes.rows.push_back(work_row(one));
    if (one.kind == EntryKind::kOperatorRefused) refused.rows.push_back(work_row(one));
  }
  out.sections.push_back(
      {.heading = "利用者の登録および失効", .sentences = {}, .table = std::move(changes)});
  out.sections.push_back(
      {.heading = "拒否された操作", .sentences = {}, .table = std::move(refused)});
  sign(out);
  return out;
}

}  // namespace certrelay
