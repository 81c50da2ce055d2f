// Goal: no datum of a resident lies on the disk in any form but sealed, before an erasure and after
// (R33, R38, R51). Method: a register on the real file system; every byte of every file is searched
// for the resident's texts in nine forms of five encodings; a deliberate leak is found by the same
// search. tests/integration/raw_image_test.py runs these on a file system of its own and searches
// that one's raw image, freed blocks included.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocol/extract/change.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/registry/sealed_register.hpp"
#include "tests/support/raw_scan.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

using testing::found_in;
using testing::needles_of;
using testing::ScanNeedle;

// raw_image_test.py knows these texts too.
constexpr const char* kScannedName = "秘匿見本　花子";
constexpr const char* kKana = "ヒトクミホン　ハナコ";
constexpr const char* kAddress = "土佐みなと市秘密町八丁目９番地見本";
constexpr const char* kBirth = "1987-06-05";

struct RawScan : ::testing::Test {
  explicit RawScan(bool numbers = false) {
    settings.hold_individual_number = numbers;
    settings.folder = folder / "register";
    settings.outer_key = folder / "outer.key";
    settings.owner = files.info(folder.path()).value().owner;
    // The machine's temporary folder may lie anywhere; what is shown here does not rest on that.
    settings.any_file_system = true;
    EXPECT_TRUE(SealedRegister::init(env(), settings).has_value());
    reg = SealedRegister::open(env(), settings).value();
    auto content = numbers ? sample::numbered(12) : sample::content(12);
    auto& household = content.households[2];  // one person
    household.household.address = sample::text(kAddress);
    household.household.head_name = sample::text(kScannedName);
    household.members[0].name = sample::text(kScannedName);
    household.members[0].kana = sample::text(kKana);
    household.members[0].birth = sample::date(kBirth);
    const auto extract = sample::extract(content);
    sample::MemoryFiles source(extract);
    Diagnostics diagnostics;
    const auto built = reg->build(extract.manifest, source, diagnostics);
    EXPECT_TRUE(built.has_value());
    EXPECT_TRUE(reg->activate(built.value(), clock.utc_now()).has_value());
    needles = needles_of(std::string(kScannedName));
    for (const auto* text : {kKana, kAddress, kBirth, "19870605", "昭和62年6月5日"}) {
      for (auto& needle : needles_of(std::string(text))) needles.push_back(std::move(needle));
    }
    if (numbers) {
      for (auto& needle : needles_of(std::string(sample::individual_number(31).reveal()))) {
        needles.push_back(std::move(needle));
      }
    }
    const auto card = sample::key_of(sample::card_of(person));
    for (auto& needle : needles_of(ByteView(card.serial))) needles.push_back(std::move(needle));
  }
  RegisterEnv env() { return {&files, &entropy, &clock}; }

  // What is found, and where; `bytes` counts what was read.
  std::vector<std::string> scan() {
    std::vector<std::string> out;
    bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(file)), {});
      bytes += content.size();
      for (const auto& form : found_in(content, needles)) {
        out.push_back(entry.path().filename().string() + " " + form);
      }
    }
    return out;
  }

  testing::TempFolder folder;
  PosixFiles files;
  SystemEntropy entropy;
  testing::SimClock clock;
  RegisterSettings settings;
  std::unique_ptr<SealedRegister> reg;
  PersonId person = sample::person_id(31);
  std::vector<ScanNeedle> needles;
  std::size_t bytes = 0;
};

TEST_F(RawScan, FindsNothingBeforeAndAfterAnErasure) {
  EXPECT_EQ(scan(), std::vector<std::string>());
  EXPECT_GT(bytes, 15'000U);
  EXPECT_EQ(reg->snapshot().value()->household_of(person).value().members[0].name.reveal(),
            kScannedName);
  ASSERT_TRUE(reg->destroy_keys({number(person)}).has_value());
  EXPECT_EQ(scan(), std::vector<std::string>());
  ASSERT_TRUE(reg->drop_residue().has_value());
  EXPECT_EQ(scan(), std::vector<std::string>());
  EXPECT_GT(bytes, 15'000U);
  EXPECT_FALSE(reg->snapshot().value()->household_of(person).has_value());
}

struct RawScanOfNumbers : RawScan {
  RawScanOfNumbers() : RawScan(true) {}
};

TEST_F(RawScanOfNumbers, FindsNothingBeforeAndAfterADeath) {  // R49
  EXPECT_EQ(scan(), std::vector<std::string>());
  EXPECT_EQ(reg->snapshot().value()->individual_number(person).value(),
            sample::individual_number(31));
  const auto death = encode(RegisterChange{.deceased = {person}}, IndividualNumbers::kHeld).value();
  ASSERT_TRUE(reg->change({1, 1, clock.utc_now()}, death).has_value());
  ASSERT_TRUE(reg->end_numbers().has_value());
  EXPECT_EQ(scan(), std::vector<std::string>());
  EXPECT_GT(bytes, 15'000U);
  EXPECT_EQ(reg->snapshot().value()->individual_number(person).value(), std::nullopt);
}

TEST_F(RawScanOfNumbers, FindsADeliberatelyLeakedNumber) {
  std::ofstream(folder / "leak", std::ios::binary) << sample::individual_number(31).reveal();
  EXPECT_FALSE(scan().empty());
}

TEST_F(RawScan, FindsADeliberateLeakInEveryForm) {
  for (const auto& needle : needles) {
    std::ofstream(folder / "leak", std::ios::binary) << "..." << needle.bytes << "...";
    const auto found = scan();
    EXPECT_NE(std::find(found.begin(), found.end(), "leak " + needle.form), found.end())
        << needle.form;
  }
}

}  // namespace
}  // namespace certrelay
