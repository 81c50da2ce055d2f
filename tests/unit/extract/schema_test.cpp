#include "protocol/extract/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace certrelay {
namespace {

std::string format_md() {
  std::ifstream file(CERTRELAY_SOURCE_DIR "/protocol/extract/FORMAT.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Schema, HoldsFiftyToNinetyNineItems) {  // R07
  EXPECT_GE(extract_column_count(), 50U);
  EXPECT_LE(extract_column_count(), 99U);
}

// Goal: nobody adds a column without saying in the published table why it may be held.
TEST(Schema, EveryColumnStandsInFormatMdWithItsGround) {  // R09
  const auto text = format_md();
  std::size_t rows = 0;
  for (std::size_t i = 0; i < extract_tables().size(); ++i) {
    const auto& table = extract_tables()[i];
    for (const auto& column : table_columns(static_cast<Table>(i), IndividualNumbers::kHeld)) {
      const auto row = "| " + std::string(table.file) + " | `" + std::string(column.name) + "` | " +
                       std::string(column.basis) + " |";
      EXPECT_NE(text.find(row), std::string::npos) << row;
      ++rows;
    }
  }
  std::size_t listed = 0;
  for (std::size_t at = text.find(".csv | `"); at != std::string::npos;
       at = text.find(".csv | `", at + 1)) {
    ++listed;
  }
  EXPECT_EQ(listed, rows) << "FORMAT.md lists a column that the code does not have";
}

TEST(Schema, EveryGroundIsOneOfThreeKinds) {  // R09
  for (std::size_t i = 0; i < extract_tables().size(); ++i) {
    for (const auto& column : table_columns(static_cast<Table>(i), IndividualNumbers::kHeld)) {
      const bool known =
          column.basis.starts_with("住基法7条") || column.basis.starts_with("住基法30条の45") ||
          column.basis.starts_with("別添2(4) ") || column.basis.starts_with("運用: ");
      EXPECT_TRUE(known) << column.name;
    }
  }
}

std::string rule_of(std::string_view header) {
  Diagnostics diagnostics;
  MemorySource source(as_bytes(header));
  CsvReader reader(source, "purposes.csv", diagnostics);
  const auto out = Header::read(reader, Table::kPurposes);
  if (out) return "";
  const auto& first = diagnostics.rejections().front();
  return std::string(first.rule) + (first.column.empty() ? "" : ":" + std::string(first.column));
}

TEST(Schema, ColumnsMayComeInAnyOrder) {
  EXPECT_EQ(rule_of("purpose,purpose_name\r\n"), "");
  EXPECT_EQ(rule_of("purpose_name,purpose\r\n"), "");
}

TEST(Schema, UnknownMissingAndDoubleColumnsRefuse) {  // R22
  EXPECT_EQ(rule_of("purpose,purpose_name,x\r\n"), "unknown-column");
  EXPECT_EQ(rule_of("purpose\r\n"), "missing-column:purpose_name");
  EXPECT_EQ(rule_of("purpose,purpose,purpose_name\r\n"), "double-column:purpose");
  EXPECT_EQ(rule_of(""), "missing-column:purpose");
}

std::string note_of(std::string_view header) {
  Diagnostics diagnostics;
  MemorySource source(as_bytes(header));
  CsvReader reader(source, "purposes.csv", diagnostics);
  EXPECT_FALSE(Header::read(reader, Table::kPurposes));
  return diagnostics.rejections().front().note;
}

TEST(Schema, UnknownColumnIsNamedWithItsPlaceUnlessTheRowIsNoHeader) {
  EXPECT_EQ(note_of("purpose,purpose_name,電話番号\r\n"), "3列目（電話番号）: ");
  EXPECT_EQ(note_of("purpose,用途\r\n"), "2列目（用途）: ");
  // A table without a header: its first row may be a resident's.
  EXPECT_EQ(note_of("見本　太郎,見本市\r\n"), "1列目: ");
  EXPECT_EQ(note_of("purpose,purpose_name,\"a\nb\"\r\n"), "3列目: ");
  EXPECT_EQ(note_of("purpose,purpose_name," + std::string(65, 'x') + "\r\n"), "3列目: ");
}

TEST(Schema, IndividualNumberIsOneMoreColumnOfPersonsAndOnlyWhereItIsHeld) {  // R08
  for (std::size_t i = 0; i < extract_tables().size(); ++i) {
    const auto table = static_cast<Table>(i);
    const auto columns = table_columns(table, IndividualNumbers::kNotHeld);
    const auto held = table_columns(table, IndividualNumbers::kHeld);
    EXPECT_EQ(columns.size(), table_info(table).columns.size());
    EXPECT_EQ(held.size(), columns.size() + (table == Table::kPersons ? 1 : 0));
    const bool known = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
      return column.name == "individual_number";
    });
    EXPECT_EQ(known, table == Table::kKinds);  // item 19, a flag
  }
  EXPECT_EQ(table_columns(Table::kPersons, IndividualNumbers::kHeld).back().name,
            "individual_number");
}

TEST(Schema, ForbiddenIdentifiersRefuseByName) {  // R08, R27
  EXPECT_EQ(rule_of("purpose,purpose_name,住民票コード\r\n"), "forbidden-item:住民票コード");
  EXPECT_EQ(rule_of("purpose,purpose_name,宛名番号\r\n"), "forbidden-item:宛名番号");
  EXPECT_EQ(rule_of("purpose,purpose_name,個人番号\r\n"), "forbidden-item:個人番号");
}

}  // namespace
}  // namespace certrelay
