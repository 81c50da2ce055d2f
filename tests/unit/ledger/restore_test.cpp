// Goal: a backup comes back whole, verified and recorded, or not at all; one that is older than
// what was handed out comes back only when a second person says so, and what is lost is said (R41,
// R42).
#include "relay/ledger/restore.hpp"

#include <gtest/gtest.h>

#include "relay/ledger/verify.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::transaction;

class RestoreTest : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kBackedUp = 9;
  void SetUp() override {
    world_.start();
    for (std::uint8_t n = 1; n <= kBackedUp; ++n) append(n);
    stop();
    back_up();
  }
  void append(std::uint8_t n) {
    ASSERT_TRUE(world_.append(entry_of(EntryKind::kOpened, transaction(n))).has_value());
  }
  void stop() {
    ASSERT_TRUE(world_.ledger->close().has_value());
    world_.ledger.reset();
  }
  // As `ledger backup` leaves it: an export from the first entry, its end signed.
  void back_up() {
    auto store = LedgerStore::open_read_only(world_.vfs, "ledger").value();
    std::string text;
    const auto sink = [&](std::string_view line) -> Result<void> {
      text += std::string(line) + "\n";
      return ok();
    };
    const auto note =
        testing::checkpoint_key().sign(checkpoint_of(testing::kLedgerOrigin, store.stated()));
    ASSERT_TRUE(export_ledger(store, note.value(), sink).has_value());
    ASSERT_TRUE(world_.files.write_durably("backup", as_bytes(text)).has_value());
  }
  // The disk with the ledger is gone; the folder that is copied away is not.
  void lose_ledger() {
    for (const auto* name : {"ledger", "ledger-wal"}) {
      static_cast<void>(world_.files.remove(name).has_value());
    }
  }
  // `more` entries and a checkpoint over them, behind the backup.
  void go_on(std::uint8_t more) {
    ASSERT_TRUE(world_.open().has_value());
    for (std::uint8_t n = 1; n <= more; ++n) append(static_cast<std::uint8_t>(kBackedUp + n));
    stop();
  }
  static RestoreWish wish(const char* approver = nullptr) {
    RestoreWish out{.backup = "backup",
                    .path = "ledger",
                    .checkpoint_folder = "checkpoints",
                    .verifier = testing::checkpoint_key().verifier(),
                    .also = {},
                    .operator_name = OperatorName::parse("mihon-1").value(),
                    .reason = StatedReason::parse("ディスク故障").value(),
                    .approver = std::nullopt};
    if (approver != nullptr) out.approver = OperatorName::parse(approver).value();
    return out;
  }
  Result<Restored> restore(const RestoreWish& wish) {
    return restore_ledger(world_.vfs, world_.files, wish, world_.clock.utc_now());
  }
  VerifyReport verify(const std::vector<Checkpoint>& also = {}) {
    CheckpointFolder folder(world_.files, "checkpoints");
    return verify_ledger(world_.vfs, "ledger", folder, testing::checkpoint_key().verifier(), also)
        .value();
  }
  testing::LedgerWorld world_;
};

TEST_F(RestoreTest, ABackupComesBackWholeAndSaysSo) {
  lose_ledger();
  const auto restored = restore(wish()).value();
  EXPECT_EQ(restored.last.value(), kBackedUp);
  EXPECT_EQ(restored.lost, 0U);
  EXPECT_FALSE(verify().finding.has_value());
  ASSERT_TRUE(world_.open().has_value());
  EXPECT_EQ(world_.ledger->read_at_start(), kBackedUp + 1U);
  EXPECT_TRUE(world_.ledger->knows_transaction(transaction(kBackedUp)).value());
  append(20);
  const auto stored = world_.stored();
  ASSERT_EQ(stored.size(), kBackedUp + 2U);
  const auto& about = stored[kBackedUp];
  EXPECT_EQ(about.kind, EntryKind::kRestored);
  EXPECT_EQ(about.about->value(), kBackedUp);
  EXPECT_EQ(about.count, 0U);
  EXPECT_EQ(about.operator_name->text(), "mihon-1");
  EXPECT_EQ(about.flags, kEntryClockDoubted);
  EXPECT_EQ(about.tree_size, kBackedUp);
}

TEST_F(RestoreTest, ALedgerThatIsThereIsNeverReplaced) {
  const auto before = world_.files.content("ledger");
  EXPECT_EQ(restore(wish()).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(world_.files.content("ledger"), before);
}

TEST_F(RestoreTest, ABackupOlderThanACheckpointNeedsASecondPerson) {
  go_on(3);
  lose_ledger();
  EXPECT_EQ(restore(wish()).error().code, ErrorCode::kLedgerRolledBack);
  EXPECT_EQ(restore(wish("mihon-1")).error().code, ErrorCode::kSamePerson);
  EXPECT_FALSE(world_.files.info("ledger").has_value());
  const auto late = CheckpointFolder(world_.files, "checkpoints")
                        .read(kBackedUp + 3, testing::checkpoint_key().verifier())
                        .value();
  const auto restored = restore(wish("mihon-2")).value();
  EXPECT_EQ(restored.lost, 3U);
  ASSERT_TRUE(world_.open().has_value());  // and the relay starts on it
  append(20);
  stop();
  const auto names = world_.files.list("checkpoints").value();
  EXPECT_TRUE(std::ranges::count(names, "lost-checkpoint-00000000000000000012"));
  EXPECT_FALSE(verify().finding.has_value());
  // Whoever copied that checkpoint away still sees that entries are gone.
  EXPECT_EQ(verify({late}).finding->error.code, ErrorCode::kLedgerRolledBack);
  const auto stored = world_.stored();
  EXPECT_EQ(stored[kBackedUp].approver->text(), "mihon-2");
  EXPECT_EQ(stored[kBackedUp].count, 3U);
  EXPECT_EQ(stored[kBackedUp].reason, ErrorCode::kLedgerRolledBack);
}

// One that the city brings along counts like one of the folder.
TEST_F(RestoreTest, ACheckpointFromElsewhereCounts) {
  go_on(2);
  auto with = wish();
  CheckpointFolder folder(world_.files, "checkpoints");
  with.also = {folder.read(kBackedUp + 2, with.verifier).value()};
  lose_ledger();
  const auto names = world_.files.list("checkpoints").value();
  for (const auto& name : names) {
    ASSERT_TRUE(world_.files.remove("checkpoints/" + name).has_value());
  }
  EXPECT_EQ(restore(with).error().code, ErrorCode::kLedgerRolledBack);
}

// A second person can agree to a loss, not to other entries.
TEST_F(RestoreTest, AForkAndADamagedBackupAreRefusedWhoeverAgrees) {
  lose_ledger();
  auto forked = wish("mihon-2");
  forked.also = {{std::string(testing::kLedgerOrigin), 5, Digest{7}, {}}};
  EXPECT_EQ(restore(forked).error().code, ErrorCode::kCheckpointMismatch);
  const auto whole = world_.files.content("backup");
  for (const std::size_t at : {whole.size() / 2, whole.size() - 10}) {
    auto damaged = whole;
    damaged[at] ^= 1;
    world_.files.set_content("backup", damaged);
    EXPECT_FALSE(restore(wish("mihon-2")).has_value()) << at;
  }
  world_.files.set_content("backup", ByteView(whole).first(whole.size() / 2));
  EXPECT_FALSE(restore(wish("mihon-2")).has_value());
  EXPECT_FALSE(world_.files.info("ledger").has_value());
}

// The power goes at any moment: no ledger, or the whole one; and once more makes it whole.
TEST_F(RestoreTest, AnInterruptedRestoringIsDoneOnceMore) {
  go_on(3);
  lose_ledger();
  ASSERT_TRUE(world_.files.sync_folder(".").has_value());
  for (std::uint64_t cut = 1;; ++cut) {
    SCOPED_TRACE(cut);
    ASSERT_LT(cut, 200U);
    world_.files.die_at(cut);
    const bool done = restore(wish("mihon-2")).has_value();
    world_.files.power_cut(cut);
    if (done) {
      EXPECT_GT(cut, 10U);
      break;
    }
    // Interrupted or not begun, nobody gets around the second person.
    if (!world_.files.info("ledger")) {
      EXPECT_EQ(restore(wish()).error().code, ErrorCode::kLedgerRolledBack);
    }
  }
  ASSERT_TRUE(restore(wish("mihon-2")).has_value());
  EXPECT_FALSE(verify().finding.has_value());
  ASSERT_TRUE(world_.open().has_value());
}

}  // namespace
}  // namespace certrelay
