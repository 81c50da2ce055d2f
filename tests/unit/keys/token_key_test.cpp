// The outer key in a PKCS#11 token, against SoftHSM2: a token of the test's own in a folder of its
// own. R21, R51.
#include "relay/keys/token_key.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "relay/keys/root_key.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* kTokenSlots = "/r/root.slots";

struct TokenKey : ::testing::Test {
  TokenKey() {
    std::filesystem::create_directory(folder / "tokens");
    std::ofstream(folder / "softhsm2.conf")
        << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\n";
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
    const int made = std::system(  // NOLINT(concurrency-mt-unsafe): one thread
        "softhsm2-util --init-token --free --label mihon --so-pin 1234 --pin 5678 > /dev/null");
    EXPECT_EQ(made, 0);
    EXPECT_TRUE(files.make_folder("/r").has_value());
  }
  std::unique_ptr<TokenOuterKey> token() { return TokenOuterKey::open(settings).value(); }
  Result<RootSlots> open(OuterKey& outer) {
    return RootSlots::open(files, kTokenSlots, {files.info(kTokenSlots).value().owner, 0600},
                           outer);
  }

  testing::TempFolder folder;
  testing::ForgetfulFiles files;
  testing::SeededEntropy entropy{5};
  TokenSettings settings{.module = kModule, .token = "mihon", .pin = "5678"};
};

TEST_F(TokenKey, RootComesBackThroughTheToken) {
  Bytes made;
  {
    const auto outer = token();
    const auto slots = RootSlots::create(files, entropy, kTokenSlots, *outer).value();
    const auto key = slots.root(1).value()->reveal();
    made.assign(key.begin(), key.end());
  }
  const auto outer = token();
  const auto slots = open(*outer).value();
  EXPECT_TRUE(std::equal(made.begin(), made.end(), slots.root(1).value()->reveal().begin()));
  const auto stored = files.content(kTokenSlots);
  EXPECT_EQ(std::search(stored.begin(), stored.end(), made.begin(), made.end()), stored.end());
}

// Goal: with a token no copy of any file helps, the slots included.
TEST_F(TokenKey, CopyOfTheSlotsIsDeadOnceTheRootIsDestroyed) {  // R21, R51
  const auto outer = token();
  auto slots = RootSlots::create(files, entropy, kTokenSlots, *outer).value();
  const auto copy = files.content(kTokenSlots);
  ASSERT_EQ(slots.add(entropy).value(), 2U);
  ASSERT_TRUE(slots.destroy(1).has_value());
  EXPECT_EQ(open(*outer).value().epochs(), std::vector<std::uint64_t>{2});
  files.set_content(kTokenSlots, copy);
  EXPECT_EQ(open(*outer).error().code, ErrorCode::kNoRootKey);
  EXPECT_EQ(open(*token()).error().code, ErrorCode::kNoRootKey);
}

TEST_F(TokenKey, TwoSitesShareATokenWithoutTouchingEachOther) {
  const auto outer = token();
  auto slots = RootSlots::create(files, entropy, kTokenSlots, *outer).value();
  auto other = RootSlots::create(files, entropy, "/r/other.slots", *outer).value();
  ASSERT_TRUE(other.destroy_all().has_value());
  EXPECT_TRUE(open(*outer).has_value());
}

TEST_F(TokenKey, ForeignOrDamagedSlotIsNoRoot) {
  const auto outer = token();
  ASSERT_TRUE(RootSlots::create(files, entropy, kTokenSlots, *outer).has_value());
  auto bytes = files.content(kTokenSlots);
  bytes[16 + 30] ^= 1;
  files.set_content(kTokenSlots, bytes);
  EXPECT_EQ(open(*outer).error().code, ErrorCode::kNoRootKey);
}

TEST_F(TokenKey, WrongModuleTokenOrPinIsUnusable) {
  auto wrong = settings;
  wrong.module = folder / "none.so";
  EXPECT_EQ(TokenOuterKey::open(wrong).error().code, ErrorCode::kTokenUnusable);
  wrong = settings;
  wrong.token = "other";
  EXPECT_EQ(TokenOuterKey::open(wrong).error().code, ErrorCode::kTokenUnusable);
  wrong = settings;
  wrong.pin = "0000";
  EXPECT_EQ(TokenOuterKey::open(wrong).error().code, ErrorCode::kTokenUnusable);
}

}  // namespace
}  // namespace certrelay
