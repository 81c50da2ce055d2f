// The reports about people: what vendors did (R40), who may still do what (R34).
#include <algorithm>

#include "protocol/base/japanese_time.hpp"
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

std::string day_or_dash(const std::optional<JstDay>& day) { return day ? japanese_day(*day) : "-"; }

std::string terminal_or_dash(const Happening& one) {
  return one.terminal ? std::string(one.terminal->text()) : "-";
}

std::string what_words(const Happening& one) {
  return std::string(one.action ? action_words(one.action->text()) : "-");
}

// R40: what somebody did.
ReportTable work_table(const Happenings& all, std::string when_empty) {
  ReportTable out{.columns = {{.heading = "日時", .share = 7},
                              {.heading = "利用者ID", .share = 5},
                              {.heading = "区分", .share = 4},
                              {.heading = "内容", .share = 6},
                              {.heading = "端末", .share = 4}},
                  .rows = {},
                  .when_empty = std::move(when_empty)};
  for (const auto& one : all.first) {
    out.rows.push_back({japanese_time(one.at), name_or_dash(one.who),
                        std::string(happening_words(one.kind)), what_words(one),
                        terminal_or_dash(one)});
  }
  return out;
}

// R30: whose access began, changed, was found to be needed, or ended, and who said so.
ReportTable accounts_table(const Happenings& all) {
  ReportTable out{
      .columns = {{.heading = "日時", .share = 7},
                  {.heading = "内容", .share = 5},
                  {.heading = "対象の利用者", .share = 5},
                  {.heading = "操作者", .share = 4},
                  {.heading = "承認者", .share = 4}},
      .rows = {},
      .when_empty = "この期間に、利用者の登録、役割の変更、権限の確認および失効はありません。"};
  for (const auto& one : all.first) {
    out.rows.push_back({japanese_time(one.at), what_words(one), name_or_dash(one.account),
                        name_or_dash(one.who), name_or_dash(one.approver)});
  }
  return out;
}

ReportTable refused_table(const Happenings& all) {
  ReportTable out{.columns = {{.heading = "日時", .share = 7},
                              {.heading = "利用者ID", .share = 4},
                              {.heading = "操作", .share = 5},
                              {.heading = "理由", .share = 6},
                              {.heading = "端末", .share = 4}},
                  .rows = {},
                  .when_empty = "この期間に拒否された操作はありません。"};
  for (const auto& one : all.first) {
    out.rows.push_back({japanese_time(one.at), name_or_dash(one.who), what_words(one),
                        numbered_reason_words(one.reason), terminal_or_dash(one)});
  }
  return out;
}

// What the head has to see to, of one account.
std::string remarks_on(const OperatorLine& one) {
  std::string out = one.unused ? "90日以上利用なし" : "";
  if (one.status == AccountStatus::kActive && one.review_due_on) {
    out += (out.empty() ? "" : "、") + japanese_day(*one.review_due_on) + "までに権限の確認";
  }
  return out;
}

}  // namespace

Report ReportMaker::quarterly() const {
  auto out = bare("四半期点検報告書");
  auto work = work_table(vendors_work_, "この期間に委託先および再委託先が行った操作はありません。");
  ReportTable vendors{.columns = {{.heading = "利用者ID", .share = 4},
                                  {.heading = "所属", .share = 2},
                                  {.heading = "状態", .share = 2},
                                  {.heading = "期限", .share = 3},
                                  {.heading = "最終利用", .share = 3}},
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
  out.sections.push_back(
      {.heading = "委託先および再委託先の操作",
       .sentences = listed({"操作　" + grouped(vendors_work_.count) + "件"}, vendors_work_),
       .table = std::move(work)});
  ReportTable months{.columns = {{.heading = "月", .share = 3},
                                 {.heading = "証明書の交付", .share = 2, .number = true},
                                 {.heading = "不提供", .share = 2, .number = true},
                                 {.heading = "消去（人）", .share = 2, .number = true},
                                 {.heading = "月次確認", .share = 4}},
                     .rows = {},
                     .when_empty = ""};
  for (auto month = ReportPeriod::of(ReportKind::kMonthly, period_.from());
       month.from() < period_.until(); month = month.next()) {
    const auto found = months_.find(month.number());
    const auto& sums = found == months_.end() ? PeriodFigures() : found->second;
    months.rows.push_back({month.words(), grouped(sums.of(EntryKind::kProvisionIntent)),
                           grouped(sums.refused), grouped(sums.residue_dropped),
                           review_words(month)});
  }
  out.sections.push_back({.heading = "月ごとの状況", .sentences = {}, .table = std::move(months)});
  ReportTable machine{.columns = {{.heading = "日時", .share = 2}, {.heading = "内容", .share = 3}},
                      .rows = {},
                      .when_empty = "この期間の起動、更新、媒体の接続はありません。"};
  for (const auto& one : figures_.machine.first) {
    machine.rows.push_back({japanese_time(one.at), std::string(happening_words(one.kind))});
  }
  out.sections.push_back({.heading = "サーバーの起動、更新、媒体の接続",
                          .sentences = listed({}, figures_.machine),
                          .table = std::move(machine)});
  sign(out);
  return out;
}

Report ReportMaker::access() const {
  auto out = bare("利用者点検報告書");
  ReportTable accounts{.columns = {{.heading = "利用者ID", .share = 9},
                                   {.heading = "状態", .share = 4},
                                   {.heading = "所属", .share = 4},
                                   {.heading = "役割", .share = 7},
                                   {.heading = "期限", .share = 10},
                                   {.heading = "最終利用", .share = 10},
                                   {.heading = "備考", .share = 18}},
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
                             remarks_on(one)});
  }
  out.sections.push_back({.heading = "利用者の一覧",
                          .sentences = {"有効な利用者　" + grouped(active) + "人（上限" +
                                            grouped(setting_.active_max) + "人）",
                                        "90日以上利用のない利用者　" + grouped(unused) + "人",
                                        "一覧は、この報告書を作成した時点のものです。"},
                          .table = std::move(accounts)});
  out.sections.push_back({.heading = "利用者の登録、役割の変更、権限の確認および失効",
                          .sentences = listed({}, figures_.accounts),
                          .table = accounts_table(figures_.accounts)});
  out.sections.push_back(
      {.heading = "拒否された操作",
       .sentences = listed({"拒否　" + grouped(figures_.refused_calls.count) + "件"},
                           figures_.refused_calls),
       .table = refused_table(figures_.refused_calls)});
  sign(out);
  return out;
}

}  // namespace certrelay
