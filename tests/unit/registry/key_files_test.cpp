#include <gtest/gtest.h>

#include "relay/keys/import_key.hpp"
#include "relay/keys/root_key.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"

namespace certrelay {
namespace {

using testing::ForgetfulFiles;
using testing::SeededEntropy;

constexpr const char* kSlots = "/r/root.slots";

class FixedOuterKey final : public OuterKey {
 public:
  explicit FixedOuterKey(Key256 key) : key_(std::move(key)) {}
  Result<Bytes> seal_root(std::uint64_t /*epoch*/, ByteView context, const Key256& root,
                          Entropy& entropy) override {
    return seal(key_, context, root.reveal(), entropy);
  }
  Result<Key256> open_root(std::uint64_t /*epoch*/, ByteView context, ByteView sealed) override {
    CERTRELAY_TRY(const auto bytes, open_sealed(key_, context, sealed));
    return Key256(bytes);
  }
  Result<void> destroy(std::uint64_t /*epoch*/, ByteView /*sealed*/) override { return ok(); }
  bool destroys() const override { return false; }

 private:
  Key256 key_;
};

struct KeyFiles : ::testing::Test {
  KeyFiles() { EXPECT_TRUE(files.make_folder("/r").has_value()); }
  FileRule rule() { return {files.info(kSlots).value().owner, 0600}; }
  RootSlots open() { return RootSlots::open(files, kSlots, rule(), outer).value(); }
  ForgetfulFiles files;
  SeededEntropy entropy{1};
  FixedOuterKey outer{random_key(entropy)};
};

TEST_F(KeyFiles, RootSurvivesAPowerCutOnceCreated) {
  const auto made = RootSlots::create(files, entropy, kSlots, outer).value();
  const Bytes key(made.root(1).value()->reveal().begin(), made.root(1).value()->reveal().end());
  files.power_cut();
  const auto again = open();
  EXPECT_TRUE(std::equal(key.begin(), key.end(), again.root(1).value()->reveal().begin()));
}

TEST_F(KeyFiles, RotationFillsTheOtherSlotAndDestroyLeavesOnlyZeros) {
  auto slots = RootSlots::create(files, entropy, kSlots, outer).value();
  EXPECT_EQ(slots.add(entropy).value(), 2U);
  EXPECT_EQ(slots.add(entropy).error().code, ErrorCode::kLimitExceeded);
  ASSERT_TRUE(slots.destroy(1).has_value());
  files.power_cut();
  const auto bytes = files.content(kSlots);
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.begin() + RootSlots::kSlotSize,
                          [](auto byte) { return byte == 0; }));
  EXPECT_EQ(open().newest(), 2U);
  EXPECT_EQ(open().root(1).error().code, ErrorCode::kNoRootKey);
}

TEST_F(KeyFiles, AnotherOuterKeyOpensNothing) {
  ASSERT_TRUE(RootSlots::create(files, entropy, kSlots, outer).has_value());
  FixedOuterKey other{random_key(entropy)};
  EXPECT_EQ(RootSlots::open(files, kSlots, rule(), other).error().code, ErrorCode::kNoRootKey);
}

TEST_F(KeyFiles, SlotsThatChangedPlacesDoNotOpen) {
  auto slots = RootSlots::create(files, entropy, kSlots, outer).value();
  auto bytes = files.content(kSlots);
  std::rotate(bytes.begin(), bytes.begin() + RootSlots::kSlotSize, bytes.end());
  files.set_content(kSlots, bytes);
  EXPECT_EQ(RootSlots::open(files, kSlots, rule(), outer).error().code, ErrorCode::kNoRootKey);
}

TEST_F(KeyFiles, OuterKeyOfOtherLengthOrOwnerRefuses) {  // R33
  ASSERT_TRUE(create_outer_key(files, entropy, "/r/outer.key").has_value());
  const auto owner = files.info("/r/outer.key").value().owner;
  EXPECT_TRUE(load_outer_key(files, "/r/outer.key", {owner, 0600}).has_value());
  EXPECT_EQ(load_outer_key(files, "/r/outer.key", {owner + 1, 0600}).error().code,
            ErrorCode::kWrongOwner);
  EXPECT_EQ(load_outer_key(files, "/r/outer.key", {owner, 0640}).error().code,
            ErrorCode::kWrongOwner);
  for (const std::size_t size : {31U, 33U}) {
    files.set_content("/r/outer.key", Bytes(size, 7));
    EXPECT_EQ(load_outer_key(files, "/r/outer.key", {owner, 0600}).has_value(), false);
  }
  files.set_content("/r/outer.key", Bytes(32));
  EXPECT_EQ(load_outer_key(files, "/r/outer.key", {owner, 0600}).error().code,
            ErrorCode::kKeyFileInvalid);
}

TEST_F(KeyFiles, SealedBytesOpenInTheirContextOnly) {
  const auto key = random_key(entropy);
  const auto sealed = seal(key, as_bytes("here"), as_bytes("見本"), entropy);
  EXPECT_EQ(as_text(open_sealed(key, as_bytes("here"), sealed).value()), "見本");
  EXPECT_EQ(open_sealed(key, as_bytes("there"), sealed).error().code, ErrorCode::kSealBroken);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto flipped = sealed;
    flipped[i] ^= 1;
    EXPECT_FALSE(open_sealed(key, as_bytes("here"), flipped).has_value()) << i;
  }
  EXPECT_TRUE(open_sealed(key, {}, seal(key, {}, {}, entropy)).value().empty());
}

TEST_F(KeyFiles, ScrubZeroesWhatAPowerCutLeftAndSparesTheRoot) {
  auto slots = RootSlots::create(files, entropy, kSlots, outer).value();
  auto bytes = files.content(kSlots);
  bytes[RootSlots::kSlotSize + 20] = 7;
  files.set_content(kSlots, bytes);
  ASSERT_TRUE(open().scrub().has_value());
  files.power_cut();
  EXPECT_EQ(files.content(kSlots)[RootSlots::kSlotSize + 20], 0);
  EXPECT_EQ(open().epochs(), std::vector<std::uint64_t>{1});
}

TEST_F(KeyFiles, DestroyAllLeavesNoRoot) {  // R19
  auto slots = RootSlots::create(files, entropy, kSlots, outer).value();
  ASSERT_TRUE(slots.add(entropy).has_value());
  ASSERT_TRUE(slots.destroy_all().has_value());
  files.power_cut();
  EXPECT_EQ(files.content(kSlots), Bytes(RootSlots::kSlots * RootSlots::kSlotSize));
  EXPECT_EQ(RootSlots::open(files, kSlots, rule(), outer).error().code, ErrorCode::kNoRootKey);
}

ExtractId extract_id() { return ExtractId::parse("0e3f5a10-7f3c-4c8e-9a51-0d7c2b6f4e11").value(); }

TEST_F(KeyFiles, StreamOpensChunkByChunkAndEndsWhereTheSenderEnded) {
  const ImportKey key(entropy);
  ImportSealer sealer(key.public_key(), extract_id());
  const Bytes first(kImportChunkSize, 1);
  const auto one = sealer.seal_chunk(first, false);
  const auto two = sealer.seal_chunk(Bytes(5, 2), true);
  EXPECT_EQ(sealer.header().size() + one.size() + two.size(),
            sealed_import_size(kImportChunkSize + 5));
  auto opener = key.open(sealer.header(), extract_id()).value();
  EXPECT_EQ(opener.open_chunk(one).value(), first);
  EXPECT_FALSE(opener.ended());
  EXPECT_EQ(opener.open_chunk(two).value(), Bytes(5, 2));
  EXPECT_TRUE(opener.ended());
  EXPECT_FALSE(opener.open_chunk(two).has_value());
}

TEST_F(KeyFiles, FormatMdsSizesHold) {
  EXPECT_EQ(sealed_import_size(1), 122U);
  EXPECT_EQ(sealed_import_size(65'536), 65'657U);
  EXPECT_EQ(sealed_import_size(65'537), 65'675U);
}

TEST_F(KeyFiles, StreamOfAnotherPushOrOrderOrKeyDoesNotOpen) {
  const ImportKey key(entropy);
  ImportSealer sealer(key.public_key(), extract_id());
  const auto one = sealer.seal_chunk(Bytes(kImportChunkSize, 1), false);
  const auto two = sealer.seal_chunk(Bytes(5, 2), true);
  const auto other = ExtractId::parse("1e3f5a10-7f3c-4c8e-9a51-0d7c2b6f4e11").value();
  EXPECT_FALSE(key.open(sealer.header(), other).value().open_chunk(one).has_value());
  EXPECT_FALSE(key.open(sealer.header(), extract_id()).value().open_chunk(two).has_value());
  EXPECT_FALSE(ImportKey(entropy).open(sealer.header(), extract_id()).has_value());
}

}  // namespace
}  // namespace certrelay
