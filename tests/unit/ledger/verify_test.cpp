// Goal: whoever changes what is stored is found, and the first bad entry is named (R41, R42).
#include "relay/ledger/verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::transaction;

class VerifyTest : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kEntries = 12;
  void SetUp() override {
    world_.start();
    for (std::uint8_t n = 1; n <= kEntries; ++n) {
      auto entry = entry_of(EntryKind::kOpened, transaction(n));
      entry.peer = PeerName::parse("peer-" + std::to_string(n)).value();
      ASSERT_TRUE(world_.append(entry).has_value());
    }
    ASSERT_TRUE(world_.ledger->close().has_value());
    world_.ledger.reset();
  }
  // Somebody with the file and SQLite at hand.
  void tamper(const char* sql) {
    auto database = Database::open(world_.vfs, "ledger", Database::Access::kReadWrite).value();
    ASSERT_TRUE(database.execute(sql).has_value()) << sql;
  }
  VerifyReport verify() {
    return verify_ledger(world_.vfs, "ledger", checkpoints_, testing::checkpoint_key().verifier())
        .value();
  }
  void expect_finding(std::uint64_t at, ErrorCode code) {
    const auto report = verify();
    ASSERT_TRUE(report.finding.has_value());
    EXPECT_EQ(report.finding->at.value(), at);
    EXPECT_EQ(report.finding->error.code, code);
    // And the relay does not start on it, or finds it as soon as it has started.
    if (!world_.open()) return;
    const auto check = world_.verify_all();
    EXPECT_EQ(check.at.value(), at);
    EXPECT_EQ(check.finding, code);
    world_.clock.forget_alarms();
    world_.ledger.reset();
  }
  testing::LedgerWorld world_;
  CheckpointFolder checkpoints_{world_.files, "checkpoints"};
};

TEST_F(VerifyTest, AnUntouchedLedgerAgreesWithItsCheckpoint) {
  const auto report = verify();
  EXPECT_FALSE(report.finding.has_value());
  EXPECT_EQ(report.last.value(), kEntries);
  EXPECT_EQ(report.checkpoints, 1U);
  EXPECT_EQ(report.origin, testing::kLedgerOrigin);
}

TEST_F(VerifyTest, VerificationChangesNoByte) {
  const auto before = world_.files.changes();
  const auto names = world_.files.list(".").value();
  verify();
  EXPECT_EQ(world_.files.changes(), before);
  EXPECT_EQ(world_.files.list(".").value(), names);
}

// A relay that was killed leaves its log beside the file.
TEST_F(VerifyTest, ReadsTheLogOfAKilledRelay) {
  ASSERT_TRUE(world_.open().has_value());
  ASSERT_TRUE(world_.append(entry_of(EntryKind::kBoot)).has_value());
  world_.files.power_cut();
  world_.ledger.reset();
  const auto before = world_.files.content("ledger-wal");
  const auto report = verify();
  EXPECT_FALSE(report.finding.has_value());
  EXPECT_EQ(report.last.value(), kEntries + 1U);
  EXPECT_EQ(world_.files.content("ledger-wal"), before);
}

// `certrelayctl certificate check --state` asks a stopped ledger so.
TEST_F(VerifyTest, ALedgerThatIsOnlyReadAnswersByTransaction) {
  auto store = LedgerStore::open_read_only(world_.vfs, "ledger").value();
  std::vector<TransactionId> named;
  const auto visit = [&](const Entry& entry, ByteView, const ChainState&) -> Result<void> {
    if (entry.transaction) named.push_back(*entry.transaction);
    return ok();
  };
  ASSERT_TRUE(store.walk(visit).has_value());
  ASSERT_FALSE(named.empty());
  EXPECT_FALSE(store.entries_of(named.front()).value().empty());
  EXPECT_TRUE(store.knows_transaction(named.front()).value());
  EXPECT_TRUE(store.entries_of(transaction(250)).value().empty());
}

TEST_F(VerifyTest, NamesAnEntryThatIsNoEntry) {
  tamper("UPDATE entry SET bytes = CAST(hex(bytes) AS BLOB) WHERE sequence = 5");
  expect_finding(5, ErrorCode::kMalformed);
}

TEST_F(VerifyTest, NamesTheEntryOfAnyFlippedBit) {
  const auto bits = [&] {
    auto store = LedgerStore::open_read_only(world_.vfs, "ledger").value();
    std::size_t out = 0;
    const auto visit = [&](const Entry&, ByteView bytes, const ChainState&) -> Result<void> {
      out = bytes.size() * 8;
      return ok();
    };
    EXPECT_TRUE(store.walk(visit).has_value());
    return out;
  }();
  const auto whole = world_.files.content("ledger");
  Bytes entry;
  {
    auto database = Database::open(world_.vfs, "ledger", Database::Access::kReadOnly).value();
    auto select = database.prepare("SELECT bytes FROM entry WHERE sequence = 7").value();
    ASSERT_TRUE(select.step().value());
    entry.assign(select.blob(0).begin(), select.blob(0).end());
  }
  const auto at =
      std::search(whole.begin(), whole.end(), entry.begin(), entry.end()) - whole.begin();
  for (std::size_t bit = 0; bit < std::min(bits, entry.size() * 8); ++bit) {
    auto flipped = whole;
    auto& byte = flipped[static_cast<std::size_t>(at) + bit / 8];
    byte = static_cast<std::uint8_t>(byte ^ (1U << (bit % 8)));
    world_.files.set_content("ledger", flipped);
    const auto report = verify();
    ASSERT_TRUE(report.finding.has_value()) << bit;
    EXPECT_EQ(report.finding->at.value(), 7U) << bit;
  }
}

TEST_F(VerifyTest, NamesADeletedEntry) {
  tamper("DELETE FROM entry WHERE sequence = 6");
  expect_finding(6, ErrorCode::kSequenceGap);
}

TEST_F(VerifyTest, NamesTheFirstOfTwoSwappedEntries) {
  tamper(
      "UPDATE entry SET sequence = 100 WHERE sequence = 3;"
      "UPDATE entry SET sequence = 3 WHERE sequence = 4;"
      "UPDATE entry SET sequence = 4 WHERE sequence = 100;");
  expect_finding(3, ErrorCode::kSequenceGap);
}

TEST_F(VerifyTest, NamesTheFirstEntryMissingAtTheEnd) {
  tamper("DELETE FROM entry WHERE sequence > 10");
  expect_finding(11, ErrorCode::kTreeMismatch);
}

TEST_F(VerifyTest, NamesARowWhoseIndexColumnWasChanged) {
  tamper("UPDATE entry SET transaction_id = NULL WHERE sequence = 8");
  expect_finding(8, ErrorCode::kChainBroken);
}

TEST_F(VerifyTest, NamesAFlippedChainValue) {
  tamper("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 2");
  expect_finding(2, ErrorCode::kChainBroken);
}

// All entries from the fourth on written anew, chain, tree and end included: a ledger in itself
// right, which only the signed checkpoint betrays.
TEST_F(VerifyTest, ARewrittenTailContradictsTheCheckpoint) {
  std::vector<LedgerRow> rows;
  auto state = empty_chain(testing::kLedgerOrigin);
  for (std::uint8_t n = 1; n <= kEntries; ++n) {
    auto entry = entry_of(EntryKind::kOpened, transaction(n));
    entry.sequence = LedgerSequence(n);
    rows.push_back({entry.sequence, encode(entry).value(), {}, entry.transaction});
    extend_chain(state, rows.back().entry);
    rows.back().chain = state.chain;
  }
  ASSERT_TRUE(world_.files.remove("ledger").has_value());
  ASSERT_TRUE(world_.create().has_value());
  ASSERT_TRUE(LedgerStore::open(world_.vfs, "ledger").value().commit(rows, state).has_value());
  expect_finding(kEntries, ErrorCode::kCheckpointMismatch);
}

TEST_F(VerifyTest, AForgedCheckpointIsAFinding) {
  auto note = checkpoints_.note(kEntries).value();
  const auto other = CheckpointKey::generate(testing::kLedgerOrigin).value();
  const auto forged =
      other
          .sign(
              Checkpoint{.origin = other.origin(), .size = kEntries, .root = {}, .extensions = {}})
          .value();
  const std::string path = "checkpoints/checkpoint-00000000000000000012";
  world_.files.set_content(path, as_bytes(forged));
  expect_finding(kEntries, ErrorCode::kUnknownKey);
  note[note.find('\n') + 4] ^= 1;  // in the root
  world_.files.set_content(path, as_bytes(note));
  expect_finding(kEntries, ErrorCode::kBadSignature);
}

TEST_F(VerifyTest, AnExportVerifiesAndADamagedOneNamesItsEntry) {
  std::string text;
  {
    auto store = LedgerStore::open_read_only(world_.vfs, "ledger").value();
    const auto sink = [&](std::string_view line) -> Result<void> {
      text += std::string(line) + "\n";
      return ok();
    };
    ASSERT_TRUE(export_ledger(store, checkpoints_.note(kEntries).value(), sink).has_value());
  }
  const auto check = [&](const std::string& content) {
    EXPECT_TRUE(world_.files.write_durably("export", as_bytes(content)).has_value());
    return verify_export(world_.files, "export", testing::checkpoint_key().verifier()).value();
  };
  const auto good = check(text);
  EXPECT_FALSE(good.finding.has_value());
  EXPECT_EQ(good.checkpoints, 1U);
  const auto cut = text.find("\n", text.find("\n") + 1) + 1;  // the head and entry 1
  const auto without_second = text.substr(0, cut) + text.substr(text.find("\n", cut) + 1);
  EXPECT_EQ(check(without_second).finding->at.value(), 2U);
  EXPECT_TRUE(check(text.substr(0, text.size() / 2)).finding.has_value());
  EXPECT_TRUE(check("").finding.has_value());
}

}  // namespace
}  // namespace certrelay
