#include "firmware/ctl/extract_tables.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "firmware/ctl/folder_files.hpp"

namespace certrelay {
namespace {

struct SortedRow {
  std::uint64_t household = 0;
  std::uint64_t order = 0;
  std::uint64_t line = 0;
  std::string csv;
};

// A cell that is no number sorts first; the check after names it.
std::uint64_t number_of(std::string_view cell) {
  std::uint64_t value = 0;
  std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return value;
}

SortedRow row_of(const CsvRow& row, const Header& header, std::size_t columns) {
  constexpr std::size_t kHouseholdOfPerson = 1;
  constexpr std::size_t kOrder = 2;
  SortedRow out;
  out.line = row.line();
  const auto cell = [&](std::size_t column) { return row.cell(header.position(column)); };
  if (header.table() == Table::kHouseholds) out.household = number_of(cell(0));
  if (header.table() == Table::kPersons) {
    out.household = number_of(cell(kHouseholdOfPerson));
    out.order = number_of(cell(kOrder));
  }
  for (std::size_t column = 0; column < columns; ++column) {
    if (column > 0) out.csv.push_back(',');
    append_csv_cell(out.csv, cell(column));
  }
  out.csv.append("\r\n");
  return out;
}

OrderedTable joined(std::vector<SortedRow> rows, std::span<const ColumnInfo> columns) {
  OrderedTable out;
  std::vector<std::string> names;
  for (const auto& column : columns) names.emplace_back(column.name);
  append_csv_row(out.text, names);
  std::uint64_t line = 1;
  out.lines.emplace_back(line++, 1);
  for (auto& row : rows) {
    out.lines.emplace_back(line, row.line);
    line += static_cast<std::uint64_t>(std::count(row.csv.begin(), row.csv.end(), '\n'));
    out.text += row.csv;
    std::string().swap(row.csv);
  }
  out.rows = rows.size();
  return out;
}

}  // namespace

std::uint64_t OrderedTable::source_line(std::uint64_t line) const {
  const auto after = std::upper_bound(lines.begin(), lines.end(), line,
                                      [](auto key, const auto& pair) { return key < pair.first; });
  return after == lines.begin() ? 0 : std::prev(after)->second;
}

Result<OrderedTable> read_ordered(Files& files, const std::string& folder, Table table,
                                  IndividualNumbers numbers, Diagnostics& diagnostics) {
  const auto& info = table_info(table);
  const auto columns = table_columns(table, numbers);
  FolderFiles source(files, folder);
  CERTRELAY_TRY(auto bytes, source.open(info.file));
  CsvReader reader(*bytes, std::string(info.file), diagnostics, LineEnds::kAny);
  CERTRELAY_TRY(const auto header, Header::read(reader, table, numbers));
  std::vector<SortedRow> rows;
  CsvRow row;
  for (;;) {
    CERTRELAY_TRY(const bool any, reader.next(row));
    if (!any) break;
    rows.push_back(row_of(row, header, columns.size()));
  }
  std::sort(rows.begin(), rows.end(), [](const SortedRow& a, const SortedRow& b) {
    return std::tie(a.household, a.order, a.line) < std::tie(b.household, b.order, b.line);
  });
  return joined(std::move(rows), columns);
}

}  // namespace certrelay
