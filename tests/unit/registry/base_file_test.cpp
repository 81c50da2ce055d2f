#include "relay/registry/base_file.hpp"

#include <gtest/gtest.h>

#include "protocol/extract/card_table.hpp"
#include "tests/support/forgetful_files.hpp"

namespace certrelay {
namespace {

constexpr const char* kBasePath = "/r/gen.base";

struct BaseFile : ::testing::Test {
  BaseFile() { EXPECT_TRUE(files.make_folder("/r").has_value()); }
  // A record says whose it is; its length differs from its neighbours'.
  static Bytes record_of(std::uint64_t person) {
    const auto text = std::to_string(person);
    Bytes out(300 + person % 700, static_cast<std::uint8_t>(person));
    std::copy(text.begin(), text.end(), out.begin());
    return out;
  }
  void write(const std::vector<std::uint64_t>& persons) {
    auto writer = BaseWriter::create(files, kBasePath).value();
    for (std::size_t i = 0; i < persons.size(); ++i) {
      ASSERT_TRUE(writer.add(persons[i], i, record_of(persons[i])).has_value());
    }
    EXPECT_EQ(writer.size(), persons.size());
    ASSERT_TRUE(writer.finish().has_value());
  }
  BaseReader open() {
    rows = BaseReader::persons_of(files, kBasePath).value();
    return BaseReader::open(files, kBasePath, *rows).value();
  }
  ErrorCode refusal(const Bytes& content) {
    files.set_content(kBasePath, content);
    return BaseReader::persons_of(files, kBasePath).error().code;
  }
  testing::ForgetfulFiles files;
  std::optional<SortedRows> rows;
};

// Ids as a source system may give them: dense, in clusters far apart, and the two ends.
std::vector<std::uint64_t> uneven_ids() {
  std::vector<std::uint64_t> out{99'999'999'999, 0};
  for (std::uint64_t i = 0; i < 3000; ++i) out.push_back(20'000'000'000 - i);
  for (std::uint64_t i = 0; i < 300; ++i) out.push_back(1 + i * i * i * 1000);
  for (std::uint64_t i = 0; i < 1000; ++i) out.push_back(50'000'000'000 + i * 7'000'003);
  return out;
}

TEST_F(BaseFile, FindsEverybodyAndNobodyElse) {
  const auto ids = uneven_ids();
  write(ids);
  const auto base = open();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto row = base.find(ids[i]).value();
    ASSERT_EQ(row.person, ids[i]);
    ASSERT_EQ(row.slot, i);
    ASSERT_EQ(base.sealed(row).value(), record_of(ids[i])) << ids[i];
    const auto neighbour = ids[i] + 1;
    const bool known = std::find(ids.begin(), ids.end(), neighbour) != ids.end();
    ASSERT_EQ(base.find(neighbour).has_value(), known) << neighbour;
  }
  EXPECT_EQ(base.find(50'000'000'001).error().code, ErrorCode::kUnknownPerson);
}

TEST_F(BaseFile, IsWalkedInTheOrderOfPersons) {
  auto ids = uneven_ids();
  for (std::uint64_t i = 0; i < 9000; ++i) ids.push_back(80'000'000'000 + i);  // several reads
  write(ids);
  std::vector<std::uint64_t> walked;
  const auto base = open();
  ASSERT_TRUE(base.walk([&](const BaseRow& row) {
                    walked.push_back(row.person);
                    return ok();
                  })
                  .has_value());
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(walked, ids);
  // What the visitor says ends the walk.
  std::size_t visits = 0;
  const auto ended = base.walk([&](const BaseRow&) -> Result<void> {
    ++visits;
    return Error{ErrorCode::kLimitExceeded, "here"};
  });
  EXPECT_EQ(ended.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(visits, 1U);
}

TEST_F(BaseFile, OfNobodyKnowsNobody) {
  write({});
  EXPECT_EQ(open().find(0).error().code, ErrorCode::kUnknownPerson);
}

TEST_F(BaseFile, RecordMayBeAMebibyteAndNoByteMore) {
  auto writer = BaseWriter::create(files, kBasePath).value();
  EXPECT_TRUE(writer.add(1, 0, Bytes(kSealedRecordBytesMax, 7)).has_value());
  EXPECT_EQ(writer.add(2, 1, Bytes(kSealedRecordBytesMax + 1, 7)).error().code,
            ErrorCode::kLimitExceeded);
  ASSERT_TRUE(writer.finish().has_value());
  const auto base = open();
  auto row = base.find(1).value();
  EXPECT_EQ(base.sealed(row).value().size(), kSealedRecordBytesMax);
  EXPECT_EQ(base.find(2).error().code, ErrorCode::kUnknownPerson);
  // A length that was altered after the start is not believed.
  row.length = kSealedRecordBytesMax + 1;
  EXPECT_EQ(base.sealed(row).error().code, ErrorCode::kStoreCorrupt);
}

TEST_F(BaseFile, WhatIsNoBaseOrWasCutIsRefused) {
  write({1, 2, 3});
  const auto good = files.content(kBasePath);
  EXPECT_EQ(refusal({}), ErrorCode::kStoreCorrupt);
  EXPECT_EQ(refusal(Bytes(good.begin(), good.end() - 1)), ErrorCode::kStoreCorrupt);
  auto other = good;
  other.back() = '2';  // of a later form
  EXPECT_EQ(refusal(other), ErrorCode::kStoreCorrupt);
  // More rows than bytes: 24 rows fill less than three records and their rows.
  other = good;
  const auto count = other.end() - 9;
  *count = static_cast<std::uint8_t>((good.size() - 16) / 24 + 1);
  EXPECT_EQ(refusal(other), ErrorCode::kStoreCorrupt);
  --*count;
  files.set_content(kBasePath, other);
  EXPECT_TRUE(BaseReader::persons_of(files, kBasePath).has_value());
}

}  // namespace
}  // namespace certrelay
