// A report's CSV as a page: the vault made it, the page shows the same cells.
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

using Rows = std::vector<std::vector<std::string>>;
constexpr std::size_t kHeadRows = 3;  // title, municipality, period
constexpr std::size_t kRowsMax = 4096;

// RFC 4180 as report_csv() writes it.
Rows rows_of(std::string_view csv) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (csv.starts_with(kMark)) csv.remove_prefix(kMark.size());
  Rows out(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size() && out.size() < kRowsMax; ++i) {
    const char c = csv[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        cell += csv[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      out.back().push_back(std::exchange(cell, {}));
      if (c == '\n') out.emplace_back();
    } else if (c != '\r') {
      cell += c;
    }
  }
  out.pop_back();
  return out;
}

bool is_blank(const std::vector<std::string>& row) {
  return row.size() == 1 && row.front().empty();
}

// "1,200": stands at the right, under its like.
bool is_number(std::string_view cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789,") == std::string_view::npos;
}

Markup section_of(const Rows& rows, std::size_t& at) {
  const auto heading = rows[at++].front();
  Markup sentences;
  std::vector<Column> columns;
  std::vector<std::vector<Markup>> cells;
  for (; at < rows.size() && !is_blank(rows[at]); ++at) {
    const auto& row = rows[at];
    if (row.size() == 1) {
      sentences += element("p", row.front());
    } else if (columns.empty()) {
      for (const auto& name : row) columns.push_back({name});
    } else if (row.size() == columns.size()) {
      std::vector<Markup> one;
      for (std::size_t i = 0; i < row.size(); ++i) {
        columns[i].number = is_number(row[i]) && (cells.empty() || columns[i].number);
        one.push_back(TransactionId::parse(row[i]) ? element("code", row[i]) : text(row[i]));
      }
      cells.push_back(std::move(one));
    }
  }
  if (!cells.empty()) sentences += table("明細", columns, cells, "");
  return section(heading, sentences);
}

}  // namespace

Markup report_view(std::string_view csv) {
  const auto rows = rows_of(csv);
  Markup out;
  for (std::size_t at = kHeadRows; at < rows.size();) {
    if (is_blank(rows[at])) {
      ++at;
    } else {
      out += section_of(rows, at);
    }
  }
  return out;
}

}  // namespace certrelay
