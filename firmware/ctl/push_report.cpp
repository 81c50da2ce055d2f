#include "firmware/ctl/push_report.hpp"

#include <fmt/core.h>

#include "protocol/base/japanese_time.hpp"

namespace certrelay {
namespace {

void add_findings(std::string& out, std::string_view title, const std::vector<Finding>& findings) {
  if (findings.empty()) return;
  out += fmt::format("{} {}件\n", title, findings.size());
  for (const Finding& finding : findings) {
    out += fmt::format("  {}{}{}: {} → {}\n", finding.record, finding.field.empty() ? "" : " ",
                       finding.field, finding.rule, finding.mend);
  }
}

void add_counts(std::string& out, std::string_view what, const PlanCounts& counts) {
  out += fmt::format("  {}: 追加 {}  変更 {}  消除 {}  変更なし {}\n", what, counts.added,
                     counts.changed, counts.deleted, counts.unchanged);
}

std::string_view words_of(PlanChange change) {
  switch (change) {
    case PlanChange::kAdded:
      return "追加";
    case PlanChange::kChanged:
      return "変更";
    case PlanChange::kDeleted:
      return "消除";
  }
  return "不明";
}

std::string_view words_of_mark(char mark) {
  if (mark == '+') return "新たに記載";
  return mark == '-' ? "空欄に変更" : "別の値に変更";
}

void add_difference(std::string& out, const PlanDifference& difference) {
  out += fmt::format("  {} {} {}", difference.record == PlanRecord::kPerson ? "住民" : "世帯",
                     difference.id, words_of(difference.change));
  std::string_view before = ": ";
  for (const auto& column : difference.columns) {
    out += fmt::format("{}{}（{}）", before, column.substr(1), words_of_mark(column.front()));
    before = "、";
  }
  out += "\n";
}

}  // namespace

std::string to_japanese(ExtractState state) {
  switch (state) {
    case ExtractState::kReceiving:
      return "受信中";
    case ExtractState::kBuilding:
      return "検査・構築中";
    case ExtractState::kReady:
      return "構築済み（未適用）";
    case ExtractState::kPendingApproval:
      return "承認待ち";
    case ExtractState::kScheduled:
      return "適用予約済み";
    case ExtractState::kActive:
      return "適用済み";
    case ExtractState::kRejected:
      return "却下";
    case ExtractState::kSuperseded:
      return "新しい世代に置き換え済み";
  }
  return "不明";
}

std::string to_japanese(const ExtractReport& report) {
  std::string out =
      fmt::format("状態: {}\n世代: {}\n人数: {}  世帯数: {}\n", to_japanese(report.state),
                  report.generation, report.persons, report.households);
  if (report.closed_members > 0) {
    out += fmt::format("文字または文字数のため端末で交付できない人: {}\n", report.closed_members);
  }
  add_findings(out, "却下の理由", report.rejections);
  add_findings(out, "注意", report.warnings);
  if (report.persons > 0) out += to_japanese(report.plan);
  return out;
}

std::string to_japanese(const ExtractPlan& plan) {
  std::string out = plan.base_generation == 0
                        ? "計画（適用中の登録はありません）\n"
                        : fmt::format("計画（適用中の世代 {} との比較）\n", plan.base_generation);
  add_counts(out, "住民", plan.persons);
  add_counts(out, "世帯", plan.households);
  add_counts(out, "カード", plan.cards);
  out += fmt::format("  種別・用途・記載事項・手数料: {}\n",
                     plan.catalogue_changed ? "変更あり" : "変更なし");
  if (!plan.fees_changed.empty()) {
    std::string_view before = "  手数料が変わる種別: ";
    for (const auto kind : plan.fees_changed) {
      out += fmt::format("{}{}", before, to_text(kind));
      before = "、";
    }
    out += "\n";
  }
  if (plan.differences.empty()) return out;
  out += fmt::format("差分（値は表示しません{}）\n",
                     plan.differences.size() == kDifferencesMax ? "、先頭200件まで" : "");
  for (const auto& difference : plan.differences) add_difference(out, difference);
  return out;
}

namespace {

std::string missing_text(const RegisterStatus& status) {
  const auto first = status.version->sequence + 1;
  const auto last = status.announced.value_or(first);
  return first == last ? fmt::format("異動通番 {}", first)
                       : fmt::format("異動通番 {}から{}まで", first, last);
}

void add_put_aside(std::string& out, const RegisterStatus& status) {
  if (status.quarantined == 0) {
    out += "隔離（反映できなかった異動）: なし\n";
    return;
  }
  out +=
      fmt::format("隔離（反映できなかった異動）: {}世帯の交付を止めています\n", status.quarantined);
  for (const auto& change : status.put_aside) {
    out += fmt::format("  異動通番 {}（{}から）\n", change.sequence, japanese_time(change.since));
    for (const auto& finding : change.findings) {
      out += fmt::format("    {}{}{}: {} → {}\n", finding.record, finding.field.empty() ? "" : " ",
                         finding.field, finding.rule, finding.mend);
    }
  }
  if (status.put_aside.size() == kPutAsideMax) {
    out += fmt::format("  （古いものから{}件まで表示しています）\n", kPutAsideMax);
  }
}

// Why nothing is issued, or what will stop it; what to do about it.
void add_warnings(std::string& out, const RegisterStatus& status) {
  if (status.reason == "gap") {
    out += fmt::format(
        "警告: 異動の欠番（{}）があるため、交付を停止しています。届いていない異動を順に送るか、"
        "全件の抽出データを送ってください。\n",
        missing_text(status));
  } else if (status.reason == "clock") {
    out +=
        "警告: 中継サーバの時計が最終連絡の時刻より前を指しているため、交付を停止しています。"
        "サーバーの時刻を確認してください。\n";
  } else if (status.seconds_to_bound == 0) {
    out += "警告: 鮮度の上限を超えたか連絡が途切れているため、交付を停止しています。\n";
  } else if (status.near_bound) {
    out += "警告: 鮮度の上限の75%を過ぎました。連携を確認してください。\n";
  }
  if (status.quarantined > 0) {
    out +=
        "警告: 反映できなかった異動があります。内容を直し、その世帯の全員の異動を送り直して"
        "ください。\n";
  }
}

}  // namespace

bool needs_attention(const RegisterStatus& status) {
  return !status.version || status.seconds_to_bound == 0 || status.near_bound ||
         status.quarantined > 0;
}

std::string to_japanese(const RegisterStatus& status) {
  if (!status.version) return "適用中の登録はありません。抽出データを送信・適用してください。\n";
  std::string out = fmt::format("適用中: 世代 {} 異動通番 {}\n", status.version->generation,
                                status.version->sequence);
  if (status.last_contact_at) {
    out += fmt::format("最終連絡: {}\n", japanese_time(*status.last_contact_at));
  }
  out += status.complete_until
             ? fmt::format("異動なしの宣言: {}まで\n", japanese_time(*status.complete_until))
             : std::string("異動なしの宣言: なし\n");
  const auto minutes = status.seconds_to_bound / 60;
  out += fmt::format("交付停止までの残り: {}時間{}分\n", minutes / 60, minutes % 60);
  if (status.scheduled_at) {
    out += fmt::format("適用予約: {}\n", japanese_time(*status.scheduled_at));
  }
  out += fmt::format("承認待ち: {}件\n", status.pending_approvals);
  out += status.announced ? fmt::format("欠番: {}\n", missing_text(status))
                          : std::string("欠番: なし\n");
  add_put_aside(out, status);
  add_warnings(out, status);
  return out;
}

std::string to_japanese(const RegisterAcknowledgement& acknowledgement) {
  std::string out =
      fmt::format("適用: 世代 {} 異動通番 {}、{}から有効\n", acknowledgement.version.generation,
                  acknowledgement.version.sequence, japanese_time(acknowledgement.in_force_at));
  add_findings(out, "保留", acknowledgement.quarantined);
  add_findings(out, "注意", acknowledgement.warnings);
  return out;
}

}  // namespace certrelay
