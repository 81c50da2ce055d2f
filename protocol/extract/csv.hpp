// RFC 4180, strict: what an extract's tables are read and written with.
//
// CRLF ends a row (a bare LF only where LineEnds::kAny), a cell with a comma, quote, CR or LF is
// quoted, a quote inside is doubled, every row has as many cells as the header. UTF-8 well formed,
// without NUL; a byte order mark is skipped and reported.
#pragma once

#include <string>
#include <vector>

#include "protocol/extract/byte_source.hpp"
#include "protocol/extract/diagnostic.hpp"

namespace certrelay {

inline constexpr std::size_t kCsvCellBytesMax = std::size_t{8} * 1024;
inline constexpr std::size_t kCsvRowBytesMax = std::size_t{32} * 1024;  // cells unquoted, together
inline constexpr std::size_t kCsvColumnsMax = 64;

enum class LineEnds : std::uint8_t { kCrLf, kAny };

// One row; the cells are views into it and die with the next row.
class CsvRow {
 public:
  std::size_t size() const { return ends_.size(); }
  // Precondition: index < size() (CHECK).
  std::string_view cell(std::size_t index) const;
  std::uint64_t line() const { return line_; }  // on which it begins, from 1

 private:
  friend class CsvReader;
  std::string text_;
  std::vector<std::size_t> ends_;
  std::uint64_t line_ = 0;
};

class CsvReader {
 public:
  // `source` and `diagnostics` must outlive it. `file` names the table in diagnostics.
  CsvReader(ByteSource& source, std::string file, Diagnostics& diagnostics,
            LineEnds line_ends = LineEnds::kCrLf);

  // The next row; false at the end. After a fault of the form, which goes to the diagnostics,
  // nothing more can be read. Errors: kExtractInvalid (reported), the source's.
  Result<bool> next(CsvRow& row);

  // From now on faults of the form name the column of the cell, by its place in the row; literals.
  void name_columns(std::vector<std::string_view> names) { names_ = std::move(names); }

  const std::string& file() const { return file_; }
  Diagnostics& diagnostics() { return *diagnostics_; }

 private:
  enum class State : std::uint8_t { kCellStart, kPlain, kQuoted, kQuoteSeen, kCrSeen };
  static constexpr int kEnd = -1;

  Result<int> byte();
  Result<void> skip_mark();
  // True when the row is complete.
  Result<bool> step(int c, CsvRow& row);
  Result<bool> step_plain(int c, CsvRow& row, bool at_start);
  Result<bool> step_quoted(int c, CsvRow& row);
  Result<bool> step_after_quote(int c, CsvRow& row);
  Result<bool> end_row(CsvRow& row);
  Result<void> append(int c, CsvRow& row);
  Result<void> end_cell(CsvRow& row);
  // Of the cell at hand; the line is that on which the row begins.
  Error fault(const CsvRow& row, std::string_view rule, std::string_view mend);
  Error fault_of_cell(const CsvRow& row, std::size_t cell, std::string_view rule,
                      std::string_view mend);

  ByteSource* source_;
  std::string file_;
  Diagnostics* diagnostics_;
  LineEnds line_ends_;
  State state_ = State::kCellStart;
  std::vector<std::uint8_t> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t line_ = 1;
  std::size_t columns_ = 0;  // of the first row
  std::vector<std::string_view> names_;
  bool begun_ = false;
  bool failed_ = false;
};

// Appends one cell as the strict reader wants it.
void append_csv_cell(std::string& out, std::string_view cell);
// A whole row with CRLF.
void append_csv_row(std::string& out, const std::vector<std::string>& cells);

}  // namespace certrelay
