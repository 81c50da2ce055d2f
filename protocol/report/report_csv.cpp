#include "protocol/record/entry_lines.hpp"
#include "protocol/report/report.hpp"

namespace certrelay {
namespace {

void put_line(std::string& out, const std::vector<std::string>& cells) {
  bool first = true;
  for (const auto& cell : cells) {
    if (!std::exchange(first, false)) out += ',';
    out += csv_cell(cell);
  }
  out += "\r\n";
}

void put_csv_table(std::string& out, const ReportTable& table) {
  std::vector<std::string> headings;
  for (const auto& column : table.columns) headings.push_back(column.heading);
  put_line(out, headings);
  for (const auto& row : table.rows) put_line(out, row);
  if (table.rows.empty()) put_line(out, {table.when_empty});
}

}  // namespace

std::string report_csv(const Report& report) {
  std::string out = "\xEF\xBB\xBF";
  put_line(out, {(report.demo ? "【見本】" : "") + report.title});
  put_line(out, {"市区町村", report.site});
  put_line(out, {"対象期間", report.period});
  for (const auto& section : report.sections) {
    out += "\r\n";
    put_line(out, {section.heading});
    for (const auto& sentence : section.sentences) put_line(out, {sentence});
    if (section.table) put_csv_table(out, *section.table);
  }
  if (report.sign_off) {
    out += "\r\n";
    put_line(out, {"確認者", report.signature ? report.signature->who : "未確認"});
    put_line(out, {"確認日時", report.signature ? report.signature->at : ""});
    put_line(out, {"照合値", to_hex(report_digest(report))});
  }
  return out;
}

}  // namespace certrelay
