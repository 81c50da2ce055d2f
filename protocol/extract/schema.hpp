// The extract's closed schema: which tables there are, which columns each has, and why each may be
// held at all (R07, R09, R22).
#pragma once

#include <span>
#include <string_view>

#include "protocol/extract/csv.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// A column and its ground: a clause of 住基法7条 (and what it refers to), an item of the 22 of
// 別添2(4), or an operational reason. FORMAT.md prints this very table; a test compares them.
struct ColumnInfo {
  std::string_view name;
  std::string_view basis;
};

struct TableInfo {
  std::string_view file;
  std::span<const ColumnInfo> columns;
  std::uint64_t rows_max;  // without the header
};

enum class Table : std::uint8_t {
  kKinds,
  kPurposes,
  kEntries,
  kFees,
  kCards,
  kHouseholds,
  kPersons,
};

// In the order of the enumeration, which is that of the stream (images stand before cards.csv).
std::span<const TableInfo> extract_tables();
const TableInfo& table_info(Table table);
// A table's columns; those of persons.csv end with `individual_number` where it is held, which
// table_info() never counts (R08).
std::span<const ColumnInfo> table_columns(Table table, IndividualNumbers numbers);

// Columns of all tables together: 50 to 99 (R07).
std::size_t extract_column_count();

inline constexpr std::size_t kImagesMax = 4000;
inline constexpr std::string_view kImageFolder = "images/";
// [a-z0-9-]{1,40}.png
bool is_image_name(std::string_view name);

// A table's header row against the schema: every column once, in any order, no other.
class Header {
 public:
  // Every fault goes to the reader's diagnostics: the forbidden identifiers by their own message
  // (R08, R27), other unknown columns, missing and double ones.
  // Errors: kForbiddenItem, kUnknownItem, kExtractInvalid, the reader's.
  static Result<Header> read(CsvReader& reader, Table table,
                             IndividualNumbers numbers = IndividualNumbers::kNotHeld);

  Table table() const { return table_; }
  // Where the schema's column stands in a row.
  std::size_t position(std::size_t column) const { return positions_[column]; }
  std::size_t columns() const { return positions_.size(); }

 private:
  Header(Table table, std::vector<std::size_t> positions)
      : table_(table), positions_(std::move(positions)) {}
  Table table_;
  std::vector<std::size_t> positions_;
};

}  // namespace certrelay
