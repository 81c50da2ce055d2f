// Goal: what the background does, nobody waits for (simulated time), and it finds what a start does
// not look at any more.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "relay/ledger/ledger_export.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using testing::entry_of;
using testing::transaction;

class LedgerBackgroundTest : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kEntries = 20;
  void SetUp() override {
    world_.options.check_slice = 4;
    world_.start();
    append(kEntries);
  }
  void TearDown() override { world_.clock.forget_alarms(); }
  void append(std::uint8_t count) {
    for (std::uint8_t n = 1; n <= count; ++n) {
      ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(n))).has_value());
    }
  }
  // Between a stop and the next start.
  void tamper(const char* sql) {
    ASSERT_TRUE(world_.ledger->close().has_value());
    world_.ledger.reset();
    auto database = Database::open(world_.vfs, "ledger", Database::Access::kReadWrite).value();
    ASSERT_TRUE(database.execute(sql).has_value()) << sql;
  }
  std::vector<std::uint64_t> sizes() {
    return CheckpointFolder(world_.files, "checkpoints").sizes().value();
  }
  testing::LedgerWorld world_;
};

TEST_F(LedgerBackgroundTest, APassFindsAnUntouchedLedgerGood) {
  const auto check = world_.verify_all();
  EXPECT_EQ(check.finding, ErrorCode::kNone);
  EXPECT_EQ(check.verified.value(), kEntries);
  EXPECT_EQ(check.verified_at, world_.clock.utc_now());
  EXPECT_EQ(check.findings, 0U);
}

// An export of late entries need not read the early ones again (R45).
TEST_F(LedgerBackgroundTest, APassLeavesVerifiedStatesOnTheWay) {
  world_.options.check_milestone = 8;
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  append(6);
  ASSERT_TRUE(world_.open().has_value());
  const auto at = [this](std::uint64_t n) {
    return world_.ledger->milestone_before(LedgerSequence(n));
  };
  EXPECT_EQ(at(27).state.last, LedgerSequence());  // no pass has been there
  EXPECT_EQ(world_.verify_all().finding, ErrorCode::kNone);
  EXPECT_EQ(at(7).state.last, LedgerSequence());
  EXPECT_EQ(at(8).state.last.value(), 8U);
  EXPECT_EQ(at(23).state.last.value(), 16U);
  EXPECT_FALSE(at(23).runs.has_value());
  EXPECT_EQ(at(27).state.last.value(), 24U);
  EXPECT_EQ(at(27).runs, LedgerSequence(21));
  const LedgerSource source = [this](LedgerSequence after, std::size_t max) {
    return world_.ledger->read_after(after, max);
  };
  const auto read = state_at(source, world_.ledger->base(), LedgerSequence(24)).value();
  EXPECT_EQ(read, at(27).state);
  const EntryRange range{.before = LedgerSequence(25), .last = LedgerSequence(27), .last_at = {}};
  const auto whole = plan_export(source, at(0), range).value();
  const auto part = plan_export(source, at(25), range).value();
  EXPECT_EQ(part.before, whole.before);
  EXPECT_EQ(part.root, whole.root);
  ASSERT_EQ(part.configurations.size(), 1U);
  EXPECT_EQ(part.configurations.front().entry, whole.configurations.front().entry);
}

TEST_F(LedgerBackgroundTest, FindsAnOldEntryThatTheStartDidNotRead) {
  tamper("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 7");
  ASSERT_TRUE(world_.open().has_value());
  const auto check = world_.verify_all();
  EXPECT_EQ(check.finding, ErrorCode::kChainBroken);
  EXPECT_EQ(check.at.value(), 7U);
  EXPECT_EQ(check.findings, 1U);
  EXPECT_FALSE(check.verified_at.has_value());
}

TEST_F(LedgerBackgroundTest, FindsADeletedEntry) {
  tamper("DELETE FROM entry WHERE sequence = 5");
  ASSERT_TRUE(world_.open().has_value());
  const auto check = world_.verify_all();
  EXPECT_EQ(check.finding, ErrorCode::kSequenceGap);
  EXPECT_EQ(check.at.value(), 5U);
}

// The next pass looks again: damage that stays is found each day, and so latched again.
TEST_F(LedgerBackgroundTest, EachPassFindsItAgain) {
  tamper("UPDATE entry SET transaction_id = NULL WHERE sequence = 8");
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.verify_all().findings, 1U);
  while (world_.ledger->health().check.findings == 1) world_.pass_interval();
  EXPECT_EQ(world_.ledger->health().check.at.value(), 8U);
}

// An old checkpoint that the entries contradict, or that nobody of ours signed.
TEST_F(LedgerBackgroundTest, FindsAnOldCheckpointThatIsNotOfTheseEntries) {
  ASSERT_TRUE(world_.ledger->close().has_value());
  const auto forged = testing::checkpoint_key()
                          .sign({.origin = std::string(testing::kLedgerOrigin),
                                 .size = 9,
                                 .root = {},
                                 .extensions = {}})
                          .value();
  ASSERT_TRUE(
      world_.files.write_durably("checkpoints/checkpoint-00000000000000000009", as_bytes(forged))
          .has_value());
  ASSERT_TRUE(world_.open().has_value());
  const auto check = world_.verify_all();
  EXPECT_EQ(check.finding, ErrorCode::kCheckpointMismatch);
  EXPECT_EQ(check.at.value(), 9U);
}

TEST_F(LedgerBackgroundTest, APassGoesOnToWhatIsAppendedMeanwhile) {
  boost::asio::co_spawn(world_.io, world_.ledger->run_verification(), boost::asio::detached);
  world_.run();  // the first slice
  ASSERT_EQ(world_.ledger->health().check.passes, 0U);
  append(3);
  while (world_.ledger->health().check.passes == 0) world_.pass_interval();
  EXPECT_EQ(world_.ledger->health().check.verified.value(), kEntries + 3U);
}

TEST_F(LedgerBackgroundTest, ThePassesArePacedAndADayApart) {
  const auto began = world_.clock.steady_now();
  world_.verify_all();
  // 20 entries, four a slice: the fifth slice ends it, begun after four rests.
  EXPECT_EQ(world_.clock.steady_now() - began, 4 * world_.options.check_pause);
  world_.pass_interval();  // notices that the pass is over
  world_.pass_interval();
  EXPECT_EQ(world_.clock.steady_now() - began, 5 * world_.options.check_pause + 24h);
}

TEST_F(LedgerBackgroundTest, NoAppendWaitsForACheckpointFolderThatDoesNotAnswer) {
  world_.start_checkpoints();
  world_.background_hangs = true;
  world_.pass_interval();
  const auto before = world_.clock.steady_now();
  append(100);
  EXPECT_EQ(world_.clock.steady_now(), before);
  EXPECT_TRUE(sizes().empty());
  world_.background_hangs = false;
  world_.run();
  EXPECT_EQ(sizes(), std::vector<std::uint64_t>{kEntries + 100U});
}

// Each call on the checkpoints' folder takes half a minute, and asks for an append meanwhile.
class SlowFolder final : public Files {
 public:
  explicit SlowFolder(testing::LedgerWorld& world) : world_(world) {}
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    look_at(path);
    return world_.files.open(path, mode);
  }
  Result<void> remove(const std::string& path) override { return world_.files.remove(path); }
  Result<void> rename(const std::string& from, const std::string& to) override {
    look_at(to);
    return world_.files.rename(from, to);
  }
  Result<void> make_folder(const std::string& path) override {
    return world_.files.make_folder(path);
  }
  Result<void> sync_folder(const std::string& path) override {
    look_at(path + "/");
    return world_.files.sync_folder(path);
  }
  Result<FileInfo> info(const std::string& path) override { return world_.files.info(path); }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return world_.files.list(path);
  }
  Result<Overwriting> overwriting(const std::string& path) override {
    return world_.files.overwriting(path);
  }
  bool armed = false;
  int appended = 0;

 private:
  void look_at(const std::string& path) {
    if (!armed || !path.starts_with("checkpoints/")) return;
    world_.clock.pass(30s);
    const auto before = world_.clock.steady_now();
    const auto answer = world_.begin(entry_of(EntryKind::kBoot));
    testing::run_ready(world_.io);
    ASSERT_TRUE(answer->has_value() && answer->value().has_value());
    EXPECT_EQ(world_.clock.steady_now(), before);
    ++appended;
  }
  testing::LedgerWorld& world_;
};

TEST(LedgerCheckpointTimeTest, AnAppendIsDurableWhileACheckpointIsBeingWritten) {
  testing::LedgerWorld world;
  ASSERT_TRUE(world.create().has_value());
  SlowFolder files(world);
  world.ledger = Ledger::open({.vfs = world.vfs,
                               .files = files,
                               .clock = world.clock,
                               .key = testing::checkpoint_key(),
                               .driver = make_executor_driver(world.io.get_executor()),
                               .background = make_executor_driver(world.background.get_executor())},
                              world.options)
                     .value();
  ASSERT_TRUE(world.append(entry_of(EntryKind::kBoot)).has_value());
  world.start_checkpoints();
  files.armed = true;
  world.pass_interval();
  files.armed = false;
  EXPECT_EQ(files.appended, 3);  // the new file, its renaming, the folder's sync
  EXPECT_EQ(CheckpointFolder(world.files, "checkpoints").sizes().value(),
            std::vector<std::uint64_t>{1});
  world.clock.forget_alarms();
  world.ledger.reset();
}

}  // namespace
}  // namespace certrelay
