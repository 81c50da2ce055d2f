#include "firmware/ctl/ledger_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocol/base/japanese_time.hpp"
#include "protocol/base/names.hpp"
#include "protocol/record/entry_lines.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

constexpr Names<EntryFormat, 3> kFormats{
    {{EntryFormat::kText, "text"}, {EntryFormat::kCsv, "csv"}, {EntryFormat::kJsonLines, "jsonl"}}};

// The fields' names for people; a field of a newer program keeps its own.
constexpr auto kFieldWords = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"flags", "印"},
    {"reason", "理由"},
    {"peer", "接続相手"},
    {"listener", "接続元の区分"},
    {"kiosk", "端末"},
    {"transaction", "取引番号"},
    {"certificate", "証明書"},
    {"incident", "通報番号"},
    {"operator", "操作者"},
    {"approver", "承認者"},
    {"terminal", "管理端末"},
    {"action", "操作"},
    {"stated_reason", "処理事由"},
    {"account", "対象の利用者"},
    {"action_id", "申請番号"},
    {"register", "世代と異動通番"},
    {"crl_number", "失効情報の番号"},
    {"artifact_sha256", "照合値"},
    {"crl_issuer", "失効情報の発行者"},
    {"document", "文書番号"},
    {"document_sha256", "文書の照合値"},
    {"sheets", "枚数"},
    {"copies", "通数"},
    {"fee_yen", "手数料（円）"},
    {"purpose", "用途"},
    {"event_id", "通知番号"},
    {"event", "結果"},
    {"occurred_at", "発生日時"},
    {"sheets_printed", "印刷枚数"},
    {"paid", "支払い"},
    {"amount_yen", "金額（円）"},
    {"count", "件数"},
    {"period_from", "期間の始め"},
    {"period_until", "期間の終わり"},
    {"about", "対象の記録"},
    {"tree_size", "記録の数"},
    {"tree_root", "マークル木のルートハッシュ"},
    {"build", "プログラム"},
    {"subjects", "仮名"},
});

std::string flag_words(std::uint8_t flags) {
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 4> kWords{
      {{kEntryClockDoubted, "時計未確認"},
       {kEntryLate, "遅れた通知"},
       {kEntryDemo, "見本"},
       {kEntryNumber, "個人番号あり"}}};
  std::string out;
  for (const auto& [bit, word] : kWords) {
    if ((flags & bit) == 0) continue;
    if (!out.empty()) out += "・";
    out += word;
  }
  return out;
}

// What a field says, in the words of the reports.
std::string value_words(const Entry& entry, std::string_view name, const std::string& text) {
  if (name == "flags") return flag_words(entry.flags);
  if (name == "reason") return numbered_reason_words(entry.reason);
  if (name == "certificate") return std::string(words(*entry.certificate_kind));
  if (name == "action") return spoken_action(text);
  if (name == "event") return std::string(words(*entry.event));
  if (name == "listener") return std::string(words(*entry.role));
  if (name == "paid") return text == "true" ? "済み" : "なし";
  if (name == "occurred_at" || name == "period_from" || name == "period_until") {
    const auto time = parse_rfc3339(text);
    if (time) return japanese_time(time.value());
  }
  return text;
}

std::string text_line(const Entry& entry) {
  auto out = fmt::format("{}  {}  {}", entry.sequence.value(), japanese_time(entry.utc),
                         happening_words(entry.kind));
  for (const auto& [name, text] : fields_of(entry)) {
    if (name == "sequence" || name == "time" || name == "kind") continue;
    const auto* word =
        std::ranges::find(kFieldWords, name, &std::pair<std::string_view, std::string_view>::first);
    out += fmt::format("  {} {}", word == kFieldWords.end() ? name : word->second,
                       value_words(entry, name, text));
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
      "記録 {}～{}（出力の記録 {}）\n保存期限: {}まで。期限を過ぎたら廃棄してください。\n",
      manifest.first.value(), manifest.last.value(), manifest.entry.value(),
      japanese_day(manifest.retention_until));
}

}  // namespace certrelay
