#include <gtest/gtest.h>

#include "relay/registry/card_index.hpp"
#include "relay/registry/key_file.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

using testing::ForgetfulFiles;
using testing::SeededEntropy;

CardKey key_number(std::uint64_t number) {
  return sample::key_of(sample::card_of(sample::person_id(number)));
}

struct StoredFiles : ::testing::Test {
  StoredFiles() { EXPECT_TRUE(files.make_folder("/r").has_value()); }
  // Rows 0 to count - 1.
  Bytes write_index(std::uint64_t count) {
    CardIndexBuilder builder(keys, entropy);
    for (std::uint64_t i = 0; i < count; ++i) builder.add(key_number(i), {i, JstDay{}});
    EXPECT_TRUE(builder.write(files, "/r/cards.idx").has_value());
    return files.content("/r/cards.idx");
  }
  CardIndex index() { return index_under(keys); }
  CardIndex index_under(const IndexKeys& under) {
    rows = CardIndex::rows_of(files, "/r/cards.idx").value();
    return CardIndex::open(files, "/r/cards.idx", under, *rows).value();
  }
  ForgetfulFiles files;
  SeededEntropy entropy{3};
  IndexKeys keys{random_index_keys(entropy)};
  std::optional<SortedRows> rows;
  Key256 root{random_key(entropy)};
};

TEST_F(StoredFiles, IndexFindsEveryCardAndNoOther) {
  write_index(5000);
  const auto open = index();
  for (std::uint64_t i = 0; i < 5000; ++i) EXPECT_EQ(open.find(key_number(i)).value().person, i);
  for (std::uint64_t i = 5000; i < 6000; ++i) {
    EXPECT_EQ(open.find(key_number(i)).error().code, ErrorCode::kUnknownCard);
  }
}

TEST_F(StoredFiles, IndexOfMoreRowsThanFencesFindsEveryCardAndNoOther) {
  constexpr std::uint64_t kRows = 20'000;
  write_index(kRows);
  const auto open = index();
  EXPECT_LT(rows->step(), kRows);
  for (std::uint64_t i = 0; i < kRows; ++i) ASSERT_EQ(open.find(key_number(i)).value().person, i);
  for (std::uint64_t i = kRows; i < kRows + 5000; ++i) {
    ASSERT_EQ(open.find(key_number(i)).error().code, ErrorCode::kUnknownCard);
  }
}

TEST_F(StoredFiles, EmptyIndexKnowsNobody) {
  write_index(0);
  EXPECT_EQ(index().find(key_number(1)).error().code, ErrorCode::kUnknownCard);
}

// A person's sealed link put behind another card's HMAC must not open: the other person's card
// would open that person's record.
TEST_F(StoredFiles, DisplacedIndexRowDoesNotOpen) {
  const auto good = write_index(2);
  constexpr std::size_t kRow = 72;
  constexpr std::size_t kBlind = 32;
  ASSERT_EQ(good.size(), 2 * kRow);
  auto bad = good;
  std::swap_ranges(bad.begin() + kBlind, bad.begin() + kRow, bad.begin() + kRow + kBlind);
  files.set_content("/r/cards.idx", bad);
  EXPECT_EQ(index().find(key_number(0)).error().code, ErrorCode::kSealBroken);
  EXPECT_EQ(index().find(key_number(1)).error().code, ErrorCode::kSealBroken);
  // Whole rows that changed places are not found or are still their own: never another's.
  bad = good;
  std::swap_ranges(bad.begin(), bad.begin() + kRow, bad.begin() + kRow);
  files.set_content("/r/cards.idx", bad);
  for (std::uint64_t i = 0; i < 2; ++i) {
    const auto found = index().find(key_number(i));
    EXPECT_TRUE(!found.has_value() || found.value().person == i);
  }
}

TEST_F(StoredFiles, OtherIndexKeysFindNothing) {
  write_index(10);
  const auto other = random_index_keys(entropy);
  const auto open = index_under(other);
  EXPECT_EQ(open.find(key_number(3)).error().code, ErrorCode::kUnknownCard);
}

TEST_F(StoredFiles, KeysReturnToTheirPersonOnly) {
  const RootRef ref{&root, 1};
  KeyTable table;
  const std::size_t count = 2 * kKeysPerPage + 1;
  for (std::uint64_t i = 0; i < count; ++i) EXPECT_EQ(table.slot_of(1000 + i, entropy), i);
  ASSERT_TRUE(table.write(files, "/r/keys.bin", ref, entropy).has_value());
  const auto file = KeyFile::open(files, "/r/keys.bin", ref).value();
  EXPECT_EQ(file.pages(), 3U);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto key = file.key(i, 1000 + i).value();
    EXPECT_TRUE(
        std::equal(key.reveal().begin(), key.reveal().end(), table.key(i).reveal().begin()));
  }
  EXPECT_EQ(file.key(5, 1006).error().code, ErrorCode::kUnknownPerson);
  EXPECT_EQ(file.key(count, 1000 + count).error().code, ErrorCode::kUnknownPerson);
  auto again = file.load().value();
  EXPECT_EQ(again.size(), count);
  EXPECT_EQ(again.slot_of(1007, entropy), 7U);
  EXPECT_EQ(again.slot_of(9, entropy), count);
}

// A walk reads and writes 256 pages at a time: one page more than that, and a short one at the end.
TEST_F(StoredFiles, KeysOfMoreThanOneReadAreLoadedCountedAndCopied) {
  const RootRef ref{&root, 1};
  const Key256 next_root = random_key(entropy);
  const RootRef next{&next_root, 2};
  KeyTable table;
  const std::size_t count = 256 * kKeysPerPage + 3;
  for (std::uint64_t i = 0; i < count; ++i) table.slot_of(i, entropy);
  ASSERT_TRUE(table.write(files, "/r/keys.bin", ref, entropy).has_value());
  const auto file = KeyFile::open(files, "/r/keys.bin", ref).value();
  EXPECT_EQ(file.pages(), 257U);
  EXPECT_EQ(file.persons().value().size(), count);
  EXPECT_EQ(file.check().value().slots, count);
  const auto copied =
      file.copy_without({0, count - 1}, files, "/r/next.bin", next, entropy).value();
  EXPECT_EQ(copied.dropped, 2U);
  EXPECT_EQ(copied.counts.persons, count - 2);
  const auto copy = KeyFile::open(files, "/r/next.bin", next).value();
  EXPECT_EQ(copy.persons().value().size(), count - 2);
  EXPECT_EQ(copy.key(0, 0).error().code, ErrorCode::kUnknownPerson);
  EXPECT_EQ(copy.key(count - 1, count - 1).error().code, ErrorCode::kUnknownPerson);
  for (const auto slot : {std::size_t{1}, 256 * kKeysPerPage - 1, count - 2}) {
    const auto key = copy.key(slot, slot).value();
    EXPECT_TRUE(
        std::equal(key.reveal().begin(), key.reveal().end(), table.key(slot).reveal().begin()));
  }
}

TEST_F(StoredFiles, KeyPagesThatChangedPlacesOrEpochDoNotOpen) {
  const RootRef ref{&root, 1};
  KeyTable table;
  for (std::uint64_t i = 0; i < 2 * kKeysPerPage; ++i) table.slot_of(i, entropy);
  ASSERT_TRUE(table.write(files, "/r/keys.bin", ref, entropy).has_value());
  EXPECT_EQ(KeyFile::open(files, "/r/keys.bin", {&root, 2}).value().key(0, 0).error().code,
            ErrorCode::kSealBroken);
  auto bytes = files.content("/r/keys.bin");
  std::swap_ranges(bytes.begin(), bytes.begin() + kKeyPageSize, bytes.begin() + kKeyPageSize);
  files.set_content("/r/keys.bin", bytes);
  EXPECT_EQ(KeyFile::open(files, "/r/keys.bin", ref).value().key(0, 0).error().code,
            ErrorCode::kSealBroken);
}

// Two persons' records exchanged in the base, digests repaired: each is sealed under a key of its
// own and under its own name, so neither opens.
TEST_F(StoredFiles, RecordOfAnotherPersonDoesNotOpen) {
  const auto sealed = seal(root, record_context(1, 11), as_bytes("見本"), entropy);
  EXPECT_TRUE(open_sealed(root, record_context(1, 11), sealed).has_value());
  EXPECT_FALSE(open_sealed(root, record_context(1, 12), sealed).has_value());
  EXPECT_FALSE(open_sealed(root, record_context(2, 11), sealed).has_value());
}

// The stream of a push, imported through the spool.
TEST(Spool, SealedStreamImportsLikeTheFilesThemselves) {
  RegisterWorld world;
  const auto target = world.open().value();
  const auto extract = sample::extract(sample::content(400));
  const auto manifest = encode(extract.manifest).value();
  std::string clear = manifest;
  for (const auto& file : extract.manifest.files) clear += extract.files.at(file.name);
  ASSERT_GT(clear.size(), kImportChunkSize * 2);
  const ImportKey key(world.entropy);
  const auto id = ExtractId::parse("0e3f5a10-7f3c-4c8e-9a51-0d7c2b6f4e11").value();
  ImportSealer sealer(key.public_key(), id);
  Bytes sealed = sealer.header();
  for (std::size_t at = 0; at < clear.size(); at += kImportChunkSize) {
    const auto piece = std::string_view(clear).substr(at, kImportChunkSize);
    const auto chunk = sealer.seal_chunk(as_bytes(piece), at + piece.size() == clear.size());
    sealed.insert(sealed.end(), chunk.begin(), chunk.end());
  }
  ASSERT_EQ(sealed.size(), sealed_import_size(clear.size()));
  auto spool = Spool::create(world.files, "/s/spool", sealed.size()).value();
  EXPECT_EQ(spool.append(1, sealed).error().code, ErrorCode::kWrongOffset);
  ASSERT_TRUE(spool.append(0, ByteView(sealed).first(1000)).has_value());
  ASSERT_TRUE(spool.append(1000, ByteView(sealed).subspan(1000)).has_value());
  EXPECT_TRUE(spool.complete());
  EXPECT_EQ(spool.append(sealed.size(), Bytes(1)).error().code, ErrorCode::kExtractIncomplete);
  const auto source =
      SpoolFiles::open(world.files, "/s/spool", key, id, extract.manifest, as_bytes(manifest));
  ASSERT_TRUE(source.has_value());
  Diagnostics diagnostics;
  const auto built = target->build(extract.manifest, *source.value(), diagnostics);
  ASSERT_TRUE(built.has_value()) << built.error().where;
  ASSERT_TRUE(target->activate(built.value(), world.clock.utc_now()).has_value());
  EXPECT_TRUE(target->snapshot().value()->household_of(sample::person_id(4001)).has_value());
}

}  // namespace
}  // namespace certrelay
