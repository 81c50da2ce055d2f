#include "firmware/ctl/push_report.hpp"

#include <fmt/core.h>

namespace certrelay {
namespace {

constexpr double kMegabyte = 1'000'000.0;

void add_findings(std::string& out, std::string_view title, const std::vector<Finding>& findings) {
  if (findings.empty()) return;
  out += fmt::format("{} {}件\n", title, findings.size());
  for (const Finding& finding : findings) {
    out += fmt::format("  {}{}{}: {} → {}\n", finding.record, finding.field.empty() ? "" : " ",
                       finding.field, finding.rule, finding.mend);
  }
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
  return out;
}

std::string to_japanese(const RegisterAcknowledgement& acknowledgement) {
  std::string out =
      fmt::format("適用: 世代 {} 連番 {}、{} から有効\n", acknowledgement.version.generation,
                  acknowledgement.version.sequence, to_rfc3339_jst(acknowledgement.in_force_at));
  add_findings(out, "保留", acknowledgement.quarantined);
  add_findings(out, "注意", acknowledgement.warnings);
  return out;
}

std::string progress_bar(std::uint64_t sent_bytes, std::uint64_t all_bytes) {
  constexpr std::uint64_t kWidth = 30;
  const std::uint64_t all = all_bytes == 0 ? 1 : all_bytes;
  const auto filled = static_cast<std::size_t>(sent_bytes * kWidth / all);
  return fmt::format("[{:.<{}}] {:>3}%  {:.1f} / {:.1f} MB", std::string(filled, '#'), kWidth,
                     sent_bytes * 100 / all, static_cast<double>(sent_bytes) / kMegabyte,
                     static_cast<double>(all_bytes) / kMegabyte);
}

}  // namespace certrelay
