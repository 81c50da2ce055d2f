#include <algorithm>

#include "protocol/report/report.hpp"

namespace certrelay {
namespace {

// Half-width columns that a fixed-width Japanese font takes: one for ASCII, two for the rest.
std::size_t width_of_text(std::string_view text) {
  std::size_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      ++out;
    } else if (byte >= 0xC0) {  // the first byte of a character
      out += 2;
    }
  }
  return out;
}

std::string padded_cell(const std::string& text, std::size_t width, bool to_the_right) {
  const auto own = width_of_text(text);
  const std::string spaces(width > own ? width - own : 0, ' ');
  return to_the_right ? spaces + text : text + spaces;
}

void put_row(std::string& out, const ReportTable& table, const std::vector<std::string>& cells,
             const std::vector<std::size_t>& widths) {
  std::string line = " ";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += " " + padded_cell(cells[i], widths.at(i), table.columns.at(i).number) + " ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

void put_text_table(std::string& out, const ReportTable& table) {
  if (table.rows.empty()) {
    out += "  " + table.when_empty + "\n";
    return;
  }
  std::vector<std::string> headings;
  std::vector<std::size_t> widths;
  for (const auto& column : table.columns) {
    headings.push_back(column.heading);
    widths.push_back(width_of_text(column.heading));
  }
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.at(i) = std::max(widths.at(i), width_of_text(row[i]));
    }
  }
  put_row(out, table, headings, widths);
  for (const auto& row : table.rows) put_row(out, table, row, widths);
}

std::string body_text(const Report& report) {
  std::string out = (report.demo ? "【見本】" : "") + report.title + "\n";
  out += report.site + "\n対象期間: " + report.period + "\n";
  std::size_t number = 0;
  for (const auto& section : report.sections) {
    out += "\n" + std::to_string(++number) + " " + section.heading + "\n";
    for (const auto& sentence : section.sentences) out += "  " + sentence + "\n";
    if (section.table) put_text_table(out, *section.table);
  }
  return out;
}

}  // namespace

Digest report_digest(const Report& report) { return sha256(as_bytes(body_text(report))); }

std::string report_text(const Report& report) {
  auto out = body_text(report);
  if (!report.sign_off) return out;
  out += "\n確認\n";
  if (report.signature) {
    out += "  確認者: " + report.signature->who + "\n  確認日時: " + report.signature->at + "\n";
  } else {
    out += "  未確認\n";
  }
  out += "  照合値: " + to_hex(report_digest(report)) + "\n";
  return out;
}

}  // namespace certrelay
