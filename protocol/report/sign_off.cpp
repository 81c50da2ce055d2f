#include "protocol/report/sign_off.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kWord = "report.";

}  // namespace

ActionCode sign_off_word(ReportKind kind) {
  return ActionCode::parse(std::string(kWord) + std::string(to_text(kind))).value();
}

std::optional<std::pair<ReportKind, std::uint64_t>> signed_report(const Entry& entry) {
  if (entry.kind != EntryKind::kReportSignedOff || !entry.action || !entry.count) {
    return std::nullopt;
  }
  const auto word = entry.action->text();
  if (!word.starts_with(kWord)) return std::nullopt;
  const auto kind = parse_report_kind(word.substr(kWord.size()));
  if (!kind) return std::nullopt;
  return std::pair(kind.value(), *entry.count);
}

}  // namespace certrelay
