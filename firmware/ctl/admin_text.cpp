#include "firmware/ctl/admin_text.hpp"

#include <fmt/format.h>

#include "protocol/base/japanese_time.hpp"
#include "protocol/record/reason_words.hpp"
#include "protocol/wire/action_words.hpp"
#include "protocol/wire/health_reasons.hpp"

namespace certrelay {
namespace {

std::string_view words(ActionState state) {
  switch (state) {
    case ActionState::kPending:
      return "承認待ち（別の人の承認が必要です）";
    case ActionState::kDone:
      return "実行済み";
    case ActionState::kFailed:
      return "実行できませんでした";
    case ActionState::kDenied:
      return "否認・取下げ済み";
    case ActionState::kExpired:
      return "期限切れ";
    case ActionState::kRunning:
      return "実行中（結果は提供記録で確認してください）";
  }
  return "不明";
}

std::string_view words(CertificateKind kind) {
  return kind == CertificateKind::kJuminhyo ? "住民票の写し" : "住民票記載事項証明書";
}

std::string_view words(OperatorRole role) {
  switch (role) {
    case OperatorRole::kClerk:
      return "担当者";
    case OperatorRole::kCityAdministrator:
      return "市の管理者";
    case OperatorRole::kCenterHead:
      return "センター長";
    case OperatorRole::kAuditor:
      return "監査人";
    case OperatorRole::kVendor:
      return "委託事業者";
  }
  return "不明";
}

std::string_view words(Affiliation affiliation) {
  switch (affiliation) {
    case Affiliation::kStaff:
      return "職員";
    case Affiliation::kDispatched:
      return "派遣";
    case Affiliation::kContractor:
      return "委託";
    case Affiliation::kSubcontract:
      return "再委託";
  }
  return "不明";
}

std::string_view words(AccountStatus status) {
  switch (status) {
    case AccountStatus::kActive:
      return "有効";
    case AccountStatus::kRevoked:
      return "失効";
    case AccountStatus::kEnded:
      return "期限終了";
  }
  return "不明";
}

// Of relay/registry/guard_rails.cpp.
std::string_view rail_words(std::string_view rail) {
  if (rail == "guard-deleted-persons") return "住民の消除が多い";
  if (rail == "guard-deleted-cards") return "カードの削除が多い";
  if (rail == "guard-shrinking-file") return "ファイルが小さくなった";
  if (rail == "guard-older-generation") return "古い世代";
  return rail;
}

std::string waiting_text(const WaitingExtract& one) {
  std::string reasons;
  for (const auto& rail : one.rails) {
    if (!reasons.empty()) reasons += "、";
    reasons += rail_words(rail);
  }
  return fmt::format("  受付番号 {}  世代 {}  作成 {}  操作者 {}  理由 {}\n", one.extract_id.text(),
                     one.generation, japanese_time(one.created), one.operator_name, reasons);
}

}  // namespace

std::string waiting_extracts_text(const RelayState& state) {
  if (state.waiting_extracts.empty()) return "承認待ちの抽出データ: なし\n";
  auto out = fmt::format("承認待ちの抽出データ: {}件\n", state.waiting_extracts.size());
  for (const auto& one : state.waiting_extracts) out += waiting_text(one);
  return out;
}

std::string to_japanese(const RelayState& state) {
  std::string out = state.ready ? "交付できる状態です。\n" : "交付できない状態です。\n";
  if (state.alarm) {
    out += fmt::format("警報: 発生中: {}、警報番号 {}。解除には2人の操作が必要です。\n",
                       numbered_reason_words(static_cast<ErrorCode>(state.alarm->reason)),
                       state.alarm->label);
  } else {
    out += "警報: なし\n";
  }
  out += state.issuing_stopped ? "交付: 操作により停止中\n" : "交付: 停止していません\n";
  for (const auto kind : state.suspended_kinds) out += fmt::format("休止中: {}\n", words(kind));
  if (state.register_version) {
    out += fmt::format("証明書情報: 世代 {}、異動通番 {}\n", state.register_version->generation,
                       state.register_version->sequence);
  } else {
    out += "証明書情報: なし\n";
  }
  out += fmt::format("承認待ち: {}件\n", state.pending_approvals);
  if (!state.waiting_extracts.empty()) out += waiting_extracts_text(state);
  for (const auto& check : state.checks) {
    if (check.ok) continue;
    const auto word = health_warns(check.reason) ? "注意" : "異常";
    out += fmt::format("{}: {}: {}\n", word, check.name, health_words(check.reason));
  }
  return out;
}

std::string to_japanese(const ErasureView& erasure) {
  std::string out = fmt::format("消去待ち: {}人\n", erasure.pending);
  if (erasure.pending_since) {
    out += fmt::format("  最も古い消除: {}から\n", japanese_time(*erasure.pending_since));
  }
  if (erasure.bound) out += fmt::format("  消去の期限: {}\n", japanese_time(*erasure.bound));
  if (erasure.overdue) out += "  期限を過ぎています。直ちに消去してください。\n";
  if (erasure.unfinished) out += "鍵の破棄が途中で中断しています。自動で再開します。\n";
  out += fmt::format("残存データの除去待ち: {}件\n", erasure.waiting_for_residue);
  if (erasure.residue_since) {
    out += fmt::format("  最も古い鍵の破棄: {}（24時間以内に除去します）\n",
                       japanese_time(*erasure.residue_since));
  }
  if (erasure.residue_overdue) out += "  24時間を過ぎています。ログを確認してください。\n";
  return out +
         (erasure.standing ? "自動消去: あり\n" : "自動消去: なし（申請と承認で消去します）\n");
}

std::string to_japanese(const PendingAction& pending) {
  const auto& action = pending.action;
  std::string out = fmt::format(
      "申請番号 {}\n  操作 {}（{}）\n  申請者 {}（端末 {}、{}）\n  理由 {}\n  期限 {}\n",
      action.id.text(), action_words(action.code.text()), action.code.text(),
      action.proposer.text(), pending.terminal.text(), japanese_time(pending.proposed_at),
      action.reason.text(), japanese_time(action.expires_at));
  for (const auto& parameter : action.parameters) {
    out += fmt::format("  {} {}\n", parameter_words(parameter.name), parameter.value);
  }
  return out;
}

std::string to_japanese(const std::vector<OverviewKind>& kinds) {
  std::string out;
  for (const auto& kind : kinds) {
    const auto* now = kind.suspended ? "休止中" : kind.open ? "提供時間内" : "提供時間外";
    out += fmt::format("{}: {}\n  提供時間 {}\n", words(kind.kind), now, kind.hours);
    if (kind.note) {
      out += fmt::format("  休止の事由 {}（{}、{}）\n", kind.note->reason.text(),
                         kind.note->by.text(), japanese_time(kind.note->at));
    }
  }
  return out;
}

std::string to_japanese(const PendingList& list) {
  if (list.pending.empty()) return "承認待ちの申請はありません。\n";
  std::string out;
  for (const auto& one : list.pending) out += to_japanese(one);
  return out;
}

std::string to_japanese(const OperatorList& list) {
  std::string out;
  std::size_t active = 0;
  for (const auto& line : list.operators) {
    if (line.status == AccountStatus::kActive) ++active;
    std::string roles;
    for (const auto role : line.roles) {
      if (!roles.empty()) roles += "・";
      roles += words(role);
    }
    out += fmt::format(
        "{}  {}  {}  {}  期限 {}  最終利用 {}  パスワード変更期限 {}  権限確認期限 {}{}\n",
        line.name.text(), words(line.status), words(line.affiliation), roles,
        line.ends_on ? japanese_day(*line.ends_on) : "なし",
        line.last_used_on ? japanese_day(*line.last_used_on) : "なし",
        line.password_due_on ? japanese_day(*line.password_due_on) : "なし",
        line.review_due_on ? japanese_day(*line.review_due_on) : "なし",
        line.unused ? "  ※90日以上利用なし" : "");
  }
  return out + fmt::format("有効 {}人（上限 {}人）\n", active, list.active_max);
}

std::string to_japanese(const ActionReport& report) {
  return fmt::format("申請番号 {}: {}\n{}{}", report.id.text(), words(report.state), report.detail,
                     report.detail.empty() ? "" : "\n");
}

}  // namespace certrelay
