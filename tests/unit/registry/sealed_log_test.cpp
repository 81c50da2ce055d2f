// Goal: a log whose disk failed goes on without a restart, with everything that was acknowledged
// and nothing that was not. Method: a file system that forgets and fails when told to.
#include "relay/registry/sealed_log.hpp"

#include <gtest/gtest.h>

#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"

namespace certrelay {
namespace {

using testing::Call;

constexpr LogName kName{"certrelay test log v1", 1};
const std::string kPath = "/log";

struct LogWorld {
  testing::ForgetfulFiles files;
  testing::SeededEntropy entropy{3};
  std::unique_ptr<SealedLog> log = SealedLog::create(files, entropy, kPath, kName, key()).value();

  LogWorld() { EXPECT_TRUE(files.sync_folder("/").has_value()); }
  static Key256 key() { return Key256(Bytes(32, 0x11)); }
  ErrorCode append(std::string_view text) {
    const auto done = log->append(as_bytes(text), as_bytes("tail of it"));
    return done ? ErrorCode::kNone : done.error().code;
  }
  // The frames as another start reads them.
  std::vector<std::string> read_again() {
    std::vector<std::string> out;
    const auto visit = [&](const SealedLog::Frame& frame) -> Result<void> {
      out.emplace_back(as_text(frame.meta));
      return ok();
    };
    const auto opened = SealedLog::open(files, entropy, kPath, FileRule{}, kName, key(), 0, visit);
    EXPECT_TRUE(opened.has_value());
    return out;
  }
  // An append that fails and cannot be undone either.
  void fail() {
    files.fail_all(Call::kSync, ErrorCode::kIoError);
    EXPECT_EQ(append("lost"), ErrorCode::kIoError);
    EXPECT_EQ(append("lost too"), ErrorCode::kIoError);  // the disk is no better yet
    files.heal();
  }
};

TEST(SealedLogTest, GoesOnOnceTheDiskDoesWithoutTheFrameThatFailed) {
  LogWorld world;
  ASSERT_EQ(world.append("first"), ErrorCode::kNone);
  world.fail();
  EXPECT_EQ(world.log->recoveries(), 0U);
  EXPECT_EQ(world.append("second"), ErrorCode::kNone);
  EXPECT_EQ(world.log->recoveries(), 1U);
  EXPECT_EQ(world.log->frames(), 2U);
  const std::vector<std::string> expected{"first", "second"};
  EXPECT_EQ(world.read_again(), expected);
  world.files.power_cut();
  EXPECT_EQ(world.read_again(), expected);
}

TEST(SealedLogTest, AFailureThatCouldBeUndoneNeedsNoRecovery) {
  LogWorld world;
  ASSERT_EQ(world.append("first"), ErrorCode::kNone);
  world.files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  EXPECT_EQ(world.append("lost"), ErrorCode::kIoError);
  EXPECT_EQ(world.append("second"), ErrorCode::kNone);
  EXPECT_EQ(world.log->recoveries(), 0U);
  EXPECT_EQ(world.read_again(), (std::vector<std::string>{"first", "second"}));
}

TEST(SealedLogTest, StaysRefusedWhileWhatWasAcknowledgedIsNotThere) {
  LogWorld world;
  ASSERT_EQ(world.append("first"), ErrorCode::kNone);
  ASSERT_EQ(world.append("second"), ErrorCode::kNone);
  world.fail();
  auto whole = world.files.content(kPath);
  whole.resize(world.log->size());
  auto shorter = whole;
  shorter.resize(SealedLog::kSectorSize);
  world.files.set_content(kPath, shorter);
  EXPECT_EQ(world.append("third"), ErrorCode::kOverlayFailed);
  EXPECT_EQ(world.files.content(kPath), shorter);  // untouched: it is evidence
  auto foreign = whole;
  foreign.at(SealedLog::kSectorSize + 20) ^= 1;  // within the last frame
  world.files.set_content(kPath, foreign);
  EXPECT_EQ(world.append("third"), ErrorCode::kOverlayFailed);
  world.files.set_content(kPath, whole);
  EXPECT_EQ(world.append("third"), ErrorCode::kNone);
  EXPECT_EQ(world.read_again(), (std::vector<std::string>{"first", "second", "third"}));
}

}  // namespace
}  // namespace certrelay
