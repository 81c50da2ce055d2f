#include "firmware/ctl/ledger_text.hpp"

#include <fmt/format.h>

#include "protocol/base/names.hpp"
#include "protocol/record/entry_lines.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

constexpr Names<EntryFormat, 3> kFormats{
    {{EntryFormat::kText, "text"}, {EntryFormat::kCsv, "csv"}, {EntryFormat::kJsonLines, "jsonl"}}};

std::string text_line(const Entry& entry) {
  auto out = fmt::format("{}  {}  {}", entry.sequence.value(), japanese_time(entry.utc),
                         happening_words(entry.kind));
  for (const auto& [name, text] : fields_of(entry)) {
    if (name == "sequence" || name == "time" || name == "kind") continue;
    out += fmt::format("  {}={}", name, name == "reason" ? refusal_words(entry.reason) : text);
  }
  return out + "\n";
}

std::string_view result_words(ProvisionLine::Result result) {
  switch (result) {
    case ProvisionLine::Result::kNone:
      return "通知待ち";
    case ProvisionLine::Result::kPrinted:
      return "印刷完了";
    case ProvisionLine::Result::kNotPrinted:
      return "印刷されていないか、返金済み";
    case ProvisionLine::Result::kUnknown:
      return "結果不明";
  }
  return "不明";
}

}  // namespace

Result<EntryFormat> parse_entry_format(std::string_view text) {
  return value_of(kFormats, text, "format");
}

std::string heading_of(EntryFormat format) {
  return format == EntryFormat::kCsv ? csv_heading() : std::string();
}

std::string line_of(const Entry& entry, EntryFormat format) {
  switch (format) {
    case EntryFormat::kText:
      return text_line(entry);
    case EntryFormat::kCsv:
      return to_csv_row(entry);
    case EntryFormat::kJsonLines:
      return to_json_line(entry) + "\n";
  }
  return {};
}

Result<UtcTime> parse_from(std::string_view text) {
  if (const auto day = parse_iso_day(text)) return jst_midnight(day.value());
  return parse_rfc3339(text);
}

Result<UtcTime> parse_until(std::string_view text) {
  if (const auto day = parse_iso_day(text)) return jst_midnight(day.value() + std::chrono::days(1));
  return parse_rfc3339(text);
}

std::string to_japanese(const SubjectHistory& history) {
  auto out = fmt::format("この方の情報の提供の記録: {}件{}\n", history.provisions.size(),
                         history.cut ? "（新しいものから上限まで）" : "");
  for (const auto& line : history.provisions) {
    const bool certificate = line.what == ProvisionLine::What::kCertificate;
    out += fmt::format("{}  {}  端末 {}  提供先 {}", japanese_time(line.at),
                       certificate ? words(line.kind.value_or(CertificateKind::kJuminhyo))
                                   : "証明書情報問合せへの回答",
                       line.kiosk ? line.kiosk->text() : "-", line.peer ? line.peer->text() : "-");
    if (certificate) {
      out += fmt::format("  文書番号 {}  結果 {}", line.document ? line.document->text() : "-",
                         result_words(line.result));
    }
    out += "\n";
  }
  return out;
}

std::string to_japanese(const ExportManifest& manifest) {
  return fmt::format(
      "記録 {}～{}（出力の記録 {}）\n保存期限: {} まで。期限を過ぎたら廃棄してください。\n",
      manifest.first.value(), manifest.last.value(), manifest.entry.value(),
      to_iso_day(manifest.retention_until));
}

}  // namespace certrelay
