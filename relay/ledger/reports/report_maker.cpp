#include "relay/ledger/reports/report_maker.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/japanese_time.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

std::string_view why_words(const OpenDelivery& open) {
  switch (open.why) {
    case OpenDelivery::Why::kNoResult:
      return "結果待ち";
    case OpenDelivery::Why::kUnknown:
      return "結果不明（センターへ照会）";
    case OpenDelivery::Why::kPaid:
      return "支払済み・未印刷（返金を確認）";
    case OpenDelivery::Why::kLeftBehind:
      return "取り忘れ（店舗へ確認）";
  }
  return "不明";
}

}  // namespace

void ReportMaker::take(const Entry& entry) {
  if (const auto done = signed_report(entry)) {
    signed_.insert(*done);
    if (*done == std::pair(period_.kind(), period_.number())) signature_ = entry;
  }
  if (entry.utc >= period_.until()) return;
  open_.take(entry);
  if (entry.utc < period_.from()) return;
  figures_.take(entry);
  if (is_operators_work(entry.kind) && is_vendor(entry.operator_name)) vendors_work_.take(entry);
  if (entry.kind == EntryKind::kLedgerCreated) ledger_since_ = entry.utc;
  if (period_.kind() == ReportKind::kQuarterly) {
    months_[ReportPeriod::of(ReportKind::kMonthly, entry.utc).number()].take(entry);
  }
}

Report ReportMaker::make() const {
  switch (period_.kind()) {
    case ReportKind::kDaily:
      return daily();
    case ReportKind::kMonthly:
      return monthly();
    case ReportKind::kQuarterly:
      return quarterly();
    case ReportKind::kAccess:
      return access();
    case ReportKind::kAnnual:
      return annual();
  }
  check_failed("a report of the enumeration", __FILE__, __LINE__);
}

Report ReportMaker::bare(std::string title) const {
  return {.title = std::move(title),
          .site = setting_.site,
          .period = period_.words(),
          .demo = setting_.demo,
          .sign_off = needs_sign_off(period_.kind()),
          .signature = std::nullopt,
          .sections = {}};
}

// A signature under other figures than today's is shown, and said to be so.
void ReportMaker::sign(Report& report) const {
  if (!signature_ || !signature_->operator_name) return;
  auto at = japanese_time(signature_->utc);
  if (signature_->artifact_sha256 != report_digest(report))
    at += "（確認後に内容が変わっています）";
  report.signature = ReportSignature{std::string(signature_->operator_name->text()), std::move(at)};
}

const OperatorLine* ReportMaker::account_of(const std::optional<OperatorName>& name) const {
  if (!name) return nullptr;
  const auto found = std::ranges::find(setting_.operators, *name, &OperatorLine::name);
  return found == setting_.operators.end() ? nullptr : &*found;
}

bool ReportMaker::is_vendor(const std::optional<OperatorName>& name) const {
  const auto* account = account_of(name);
  return account != nullptr && (account->affiliation == Affiliation::kContractor ||
                                account->affiliation == Affiliation::kSubcontract);
}

Report ReportMaker::daily() const {
  auto out = bare("未解決の交付結果一覧");
  ReportTable table{.columns = {{.heading = "交付日時", .share = 26},
                                {.heading = "状況", .share = 22},
                                {.heading = "端末", .share = 23},
                                {.heading = "文書番号", .share = 25},
                                {.heading = "証明書", .share = 22},
                                {.heading = "金額（円）", .share = 19, .number = true},
                                {.heading = "取引番号", .share = 33}},
                    .rows = {},
                    .when_empty = "未解決のものはありません。"};
  for (const auto& open : open_.list()) {
    table.rows.push_back({japanese_time(open.at), std::string(why_words(open)),
                          open.kiosk ? std::string(open.kiosk->text()) : "-",
                          open.document ? std::string(open.document->text()) : "-",
                          open.kind ? std::string(words(*open.kind)) : "-",
                          open.yen ? grouped(*open.yen) : "-", open.transaction.text()});
  }
  out.sections.push_back(
      {.heading = "この日の終わりの時点で未解決のもの",
       .sentences =
           {"件数　" + grouped(table.rows.size()) + "件",
            "返金の通知を受けたとき、または処理済みとして登録したときに一覧から消えます。"},
       .table = std::move(table)});
  return out;
}

Report ReportMaker::monthly() const {
  auto out = bare("月次確認報告書");
  out.sections.push_back(provisions_section(figures_));
  out.sections.push_back(refusals_section(figures_));
  out.sections.push_back(connections_section(figures_));
  out.sections.push_back(
      {.heading = "委託先による提供",
       .sentences = {"委託先による提供　" + grouped(figures_.by_person) + "件",
                     "証明書情報の提供は、証明書交付センターからの要求に対する自動交付のみです。"},
       .table = std::nullopt});
  out.sections.push_back(
      {.heading = "認められた方法以外での提供",
       .sentences = {"認められた方法以外での提供　" + grouped(figures_.without_center) + "件"},
       .table = std::nullopt});
  out.sections.push_back(erasures_section(figures_));
  out.sections.push_back(exports_section(figures_));
  ReportTable alarms{.columns = {{.heading = "日時", .share = 7},
                                 {.heading = "内容", .share = 4},
                                 {.heading = "操作者", .share = 4},
                                 {.heading = "承認者", .share = 4},
                                 {.heading = "理由", .share = 6}},
                     .rows = {},
                     .when_empty = "この期間の警報、交付の停止および休止はありません。"};
  for (const auto& one : figures_.alarms.first) {
    alarms.rows.push_back(
        {japanese_time(one.at), std::string(happening_words(one.kind)),
         one.who ? std::string(one.who->text()) : "-",
         one.approver ? std::string(one.approver->text()) : "-",
         one.reason == ErrorCode::kNone ? "-" : numbered_reason_words(one.reason)});
  }
  out.sections.push_back({.heading = "警報、交付の停止および休止",
                          .sentences = listed({}, figures_.alarms),
                          .table = std::move(alarms)});
  out.sections.push_back(
      {.heading = "開示請求に係る照会",
       .sentences = {"照会　" + grouped(figures_.of(EntryKind::kSubjectQueried)) + "件"},
       .table = std::nullopt});
  sign(out);
  return out;
}

std::string ReportMaker::review_words(const ReportPeriod& one) const {
  if (signed_.contains({one.kind(), one.number()})) return "確認済み";
  return ledger_since_ && one.until() <= *ledger_since_ ? "対象外（記録の開始前）" : "未確認";
}

Report ReportMaker::annual() const {
  auto out = bare("年次自己点検報告書");
  out.sections.push_back(provisions_section(figures_));
  ReportTable reviews{.columns = {{.heading = "報告書", .share = 2},
                                  {.heading = "対象期間", .share = 4},
                                  {.heading = "確認の状況", .share = 2}},
                      .rows = {},
                      .when_empty = "この年度に確認すべき報告書はありません。"};
  for (const auto& [kind, title] : {std::pair(ReportKind::kMonthly, "月次確認"),
                                    std::pair(ReportKind::kQuarterly, "四半期点検"),
                                    std::pair(ReportKind::kAccess, "利用者点検")}) {
    for (auto one = ReportPeriod::of(kind, period_.from()); one.from() < period_.until();
         one = one.next()) {
      reviews.rows.push_back({title, one.words(), review_words(one)});
    }
  }
  out.sections.push_back(
      {.heading = "定期確認の実施状況", .sentences = {}, .table = std::move(reviews)});
  out.sections.push_back(requirements_section(figures_));
  sign(out);
  return out;
}

}  // namespace certrelay
