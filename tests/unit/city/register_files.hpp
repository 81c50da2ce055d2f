// Reads a city's source tables back with the shipped decoders.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "firmware/kiosk/city/source_tables.hpp"
#include "protocol/extract/household_rules.hpp"
#include "protocol/extract/record_codec.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {

// A folder of this test alone, gone with the object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "city-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ScratchFolder(ScratchFolder&&) = delete;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline constexpr std::size_t kFileBytesMax = std::size_t{1} << 28;

inline Bytes bytes_of(const std::string& path) {
  PosixFiles files;
  auto bytes = files.read_all(path, kFileBytesMax);
  EXPECT_TRUE(bytes.has_value()) << path;
  return bytes ? std::move(bytes).value() : Bytes{};
}

template <class Record>
std::vector<Record> read_table(const std::string& folder, Table table,
                               Result<Record> (*decode)(RowCursor&),
                               IndividualNumbers numbers = IndividualNumbers::kNotHeld) {
  const std::string name(table_info(table).file);
  const Bytes bytes = bytes_of(folder + "/" + name);
  MemorySource source(bytes);
  Diagnostics diagnostics;
  CsvReader reader(source, name, diagnostics);
  const auto header = Header::read(reader, table, numbers);
  EXPECT_TRUE(header.has_value());
  std::vector<Record> out;
  CsvRow row;
  while (reader.next(row).value()) {
    RowCursor cursor(header.value(), row, name, diagnostics);
    auto record = decode(cursor);
    EXPECT_TRUE(record.has_value()) << name << ":" << row.line();
    if (record) out.push_back(std::move(record).value());
  }
  EXPECT_TRUE(diagnostics.clean());
  return out;
}

}  // namespace certrelay
