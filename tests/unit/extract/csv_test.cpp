#include "protocol/extract/csv.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

struct Read {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint64_t> lines;
  Diagnostics diagnostics;
  std::string rule() const {
    return diagnostics.clean() ? "" : std::string(diagnostics.rejections().front().rule);
  }
};

Read read(std::string_view csv, LineEnds ends = LineEnds::kCrLf) {
  Read out;
  MemorySource source(as_bytes(csv));
  CsvReader reader(source, "t.csv", out.diagnostics, ends);
  CsvRow row;
  for (;;) {
    const auto any = reader.next(row);
    if (!any || !any.value()) return out;
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.emplace_back(row.cell(i));
    out.rows.push_back(cells);
    out.lines.push_back(row.line());
  }
}

TEST(Csv, ReadsWhatItWrites) {
  const std::vector<std::string> cells{"", "a,b", "say \"見本\"", "line\none\r\n", "𠮷葛󠄂"};
  std::string text;
  append_csv_row(text, cells);
  append_csv_row(text, cells);
  const auto out = read(text);
  ASSERT_TRUE(out.diagnostics.clean());
  EXPECT_EQ(out.rows, (std::vector<std::vector<std::string>>{cells, cells}));
  EXPECT_EQ(out.lines, (std::vector<std::uint64_t>{1, 4}));
}

TEST(Csv, LastRowMayLackItsLineEnd) {
  EXPECT_EQ(read("a,b\r\n1,2").rows.size(), 2U);
  EXPECT_EQ(read("a,b\r\n1,").rows.back(), (std::vector<std::string>{"1", ""}));
  EXPECT_TRUE(read("").rows.empty());
}

TEST(Csv, ByteOrderMarkWarnsOnly) {
  const auto out = read(
      "\xEF\xBB\xBF"
      "a\r\n");
  EXPECT_TRUE(out.diagnostics.clean());
  EXPECT_EQ(out.diagnostics.warned(), 1U);
  EXPECT_EQ(out.rows.front().front(), "a");
}

TEST(Csv, BareLineFeedNeedsPermission) {
  EXPECT_EQ(read("a\nb\n").rule(), "line-end");
  EXPECT_EQ(read("a\nb\n", LineEnds::kAny).rows.size(), 2U);
  EXPECT_EQ(read("a\rb").rule(), "line-end");
}

TEST(Csv, RefusesStrayQuotesAndTruncation) {
  EXPECT_EQ(read("a\"b\r\n").rule(), "stray-quote");
  EXPECT_EQ(read("\"a\"b\r\n").rule(), "stray-quote");
  EXPECT_EQ(read("\"a").rule(), "truncated");
  EXPECT_EQ(read("a\r").rule(), "truncated");
}

TEST(Csv, RefusesOtherNumberOfCells) { EXPECT_EQ(read("a,b\r\n1\r\n").rule(), "cell-count"); }

TEST(Csv, RefusesIllFormedUtf8AndNul) {
  EXPECT_EQ(read("\x82\xA0\r\n").rule(), "utf-8");
  EXPECT_EQ(read(std::string_view("a\0\r\n", 4)).rule(), "utf-8");
  // Two halves of one character in two cells are well formed together only.
  EXPECT_EQ(read("\xC3,\xA9\r\n").rule(), "utf-8");
}

TEST(Csv, CellAtTheLimitAndOnePast) {
  const std::string cell(kCsvCellBytesMax, 'x');
  EXPECT_TRUE(read(cell + "\r\n").diagnostics.clean());
  EXPECT_EQ(read(cell + "x\r\n").rule(), "cell-too-long");
}

TEST(Csv, ColumnsAtTheLimitAndOnePast) {
  std::string row = "a";
  for (std::size_t i = 1; i < kCsvColumnsMax; ++i) row += ",a";
  EXPECT_TRUE(read(row + "\r\n").diagnostics.clean());
  EXPECT_EQ(read(row + ",a\r\n").rule(), "too-many-cells");
}

}  // namespace
}  // namespace certrelay
