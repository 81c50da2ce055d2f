// The parts that several reports share.
#include "protocol/base/japanese_time.hpp"
#include "relay/ledger/reports/report_maker.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

std::string text_or_dash(const std::optional<OperatorName>& name) {
  return name ? std::string(name->text()) : "-";
}

std::string period_words(const Happening& one) {
  if (!one.from || !one.until) return "-";
  const auto first = japanese_day(jst_day(*one.from));
  const auto last = japanese_day(jst_day(*one.until - std::chrono::milliseconds(1)));
  return first == last ? first : first + "～" + last;
}

}  // namespace

std::vector<std::string> listed(std::vector<std::string> sentences, const Happenings& all) {
  if (all.count > all.first.size()) {
    sentences.push_back("件数が多いため、表は先頭の" + grouped(all.first.size()) +
                        "件を示します。");
  }
  return sentences;
}

ReportSection provisions_section(const PeriodFigures& figures) {
  ReportTable table{.columns = {{.heading = "区分", .share = 4},
                                {.heading = "件数", .share = 2, .number = true},
                                {.heading = "通数", .share = 2, .number = true},
                                {.heading = "枚数", .share = 2, .number = true},
                                {.heading = "手数料（円）", .share = 2, .number = true}},
                    .rows = {},
                    .when_empty = ""};
  table.rows.push_back({"証明書情報問合せへの回答", grouped(figures.inquiries), "-", "-", "-"});
  for (const auto kind : {CertificateKind::kJuminhyo, CertificateKind::kKisaiJiko}) {
    const auto found = figures.provisions.find(kind);
    if (found == figures.provisions.end() && kind != CertificateKind::kJuminhyo) continue;
    const auto sums = found == figures.provisions.end() ? ProvisionSums{} : found->second;
    table.rows.push_back({std::string(words(kind)), grouped(sums.documents), grouped(sums.copies),
                          grouped(sums.sheets), grouped(sums.fee_yen)});
  }
  std::vector<std::string> sentences;
  for (const auto& [event, count] : figures.events) {
    sentences.push_back("センターからの結果通知　" + std::string(words(event)) + "　" +
                        grouped(count) + "件");
  }
  const auto unknown =
      figures.of(EntryKind::kDeliveryUnknown) + figures.of(EntryKind::kResultMissing);
  sentences.push_back("結果不明となったもの　" + grouped(unknown) + "件");
  return {.heading = "提供の状況", .sentences = std::move(sentences), .table = std::move(table)};
}

ReportSection refusals_section(const PeriodFigures& figures) {
  ReportTable table{
      .columns = {{.heading = "理由", .share = 6}, {.heading = "件数", .share = 1, .number = true}},
      .rows = {},
      .when_empty = "この期間に提供が認められなかったものはありません。"};
  for (const auto& [reason, count] : figures.refusals) {
    table.rows.push_back({numbered_reason_words(reason), grouped(count)});
  }
  const auto add = [&](const char* name, std::uint64_t count) {
    if (count > 0) table.rows.push_back({name, grouped(count)});
  };
  for (const auto& [reason, count] : figures.gate_refusals) {
    table.rows.push_back({"手続の開始前　" + numbered_reason_words(reason), grouped(count)});
  }
  add("手続の途中で期限が切れたもの", figures.of(EntryKind::kExpired));
  add("停止または再起動により終了したもの", figures.of(EntryKind::kAbandoned));
  return {.heading = "提供が認められなかったもの",
          .sentences = {"合計　" + grouped(figures.refused) + "件"},
          .table = std::move(table)};
}

ReportSection connections_section(const PeriodFigures& figures) {
  ReportTable table{.columns = {{.heading = "接続元の区分", .share = 4},
                                {.heading = "理由", .share = 6},
                                {.heading = "件数", .share = 2, .number = true}},
                    .rows = {},
                    .when_empty = "この期間に拒否した接続および要求はありません。"};
  std::uint64_t sum = 0;
  for (const auto& [listener, count] : figures.connections) {
    const auto& [role, reason] = listener;
    table.rows.push_back({std::string(words(role)), numbered_reason_words(reason), grouped(count)});
    sum += count;
  }
  return {.heading = "接続および要求の拒否",
          .sentences = {"合計　" + grouped(sum) + "件",
                        "接続相手や要求の形式による拒否、通信の切断などで、申請者への不提供には"
                        "当たらないものです。"},
          .table = std::move(table)};
}

ReportSection erasures_section(const PeriodFigures& figures) {
  ReportTable table{.columns = {{.heading = "日時", .share = 5},
                                {.heading = "内容", .share = 5},
                                {.heading = "人数", .share = 2, .number = true},
                                {.heading = "操作者", .share = 3},
                                {.heading = "承認者", .share = 3}},
                    .rows = {},
                    .when_empty = "この期間に実施した消去はありません。"};
  for (const auto& one : figures.erasures.first) {
    table.rows.push_back({japanese_time(one.at), std::string(happening_words(one.kind)),
                          one.count ? grouped(*one.count) : "-", text_or_dash(one.who),
                          text_or_dash(one.approver)});
  }
  return {.heading = "消去の実施状況",
          .sentences = listed(
              {"鍵を破棄した人数　" + grouped(figures.keys_destroyed) + "人",
               "残存データの除去まで完了した人数　" + grouped(figures.residue_dropped) + "人"},
              figures.erasures),
          .table = std::move(table)};
}

ReportSection exports_section(const PeriodFigures& figures) {
  ReportTable table{.columns = {{.heading = "日時", .share = 7},
                                {.heading = "内容", .share = 5},
                                {.heading = "対象期間", .share = 5},
                                {.heading = "操作者", .share = 4},
                                {.heading = "端末", .share = 3}},
                    .rows = {},
                    .when_empty = "この期間の出力はありません。"};
  for (const auto& one : figures.exports.first) {
    table.rows.push_back({japanese_time(one.at),
                          std::string(one.action ? action_words(one.action->text()) : "-"),
                          period_words(one), text_or_dash(one.who),
                          one.terminal ? std::string(one.terminal->text()) : "-"});
  }
  return {.heading = "提供記録および報告書の出力",
          .sentences = listed({"出力　" + grouped(figures.exports.count) + "件"}, figures.exports),
          .table = std::move(table)};
}

}  // namespace certrelay
