// Goal: what is past its five years leaves by whole blocks and not a day before, chain and tree go
// on from a signed statement, and a ledger that was cut in any other way is refused.
#include <gtest/gtest.h>

#include "protocol/record/retention.hpp"
#include "relay/ledger/ledger_pruning.hpp"
#include "relay/ledger/verify.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::checkpoint_key;
using testing::entry_of;
using testing::kLedgerOrigin;
using testing::LedgerWorld;
using testing::transaction;

constexpr std::size_t kOld = 5000;  // a block and a part of the next

// 5,000 entries of 2020-11-22, 10 of 2026-11-22.
struct Aged : LedgerWorld {
  Aged() {
    const auto now = clock.utc_now();
    clock.step_utc(parse_rfc3339("2020-11-22T12:00:00+09:00").value() - now);
    start();
    fill(kOld);
    clock.pass(now - clock.utc_now());
    fill(10);
  }
  void fill(std::size_t count) {
    std::vector<std::shared_ptr<Answer>> answers;
    for (std::size_t n = 0; n < count; ++n) {
      answers.push_back(begin(entry_of(EntryKind::kOpened, transaction(1))));
      if (answers.size() % 1000 == 0) run();
    }
    run();
    for (const auto& answer : answers) ASSERT_TRUE(answer->value().has_value());
  }
  LedgerSource source() {
    return [this](LedgerSequence after, std::size_t max) { return ledger->read_after(after, max); };
  }
  Result<std::vector<PruningStatement>> plan(UtcTime now) {
    return plan_pruning(source(), kLedgerOrigin, ledger->base(), ledger->health().last, now);
  }
  static std::string note_of(const PruningStatement& statement) {
    return checkpoint_key().sign(to_checkpoint(statement)).value();
  }
  VerifyReport verified() {
    ledger.reset();
    CheckpointFolder folder(files, "checkpoints");
    return verify_ledger(vfs, "ledger", folder, checkpoint_key().verifier()).value();
  }
};

TEST(Pruning, LeavesAWholeBlockAndTheChainGoesOn) {  // R41
  Aged world;
  const auto statements = world.plan(world.clock.utc_now()).value();
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].state.last, LedgerSequence(kPruningBlock));
  ASSERT_TRUE(world.ledger->prune(Aged::note_of(statements[0])).has_value());
  EXPECT_EQ(world.ledger->base().last, LedgerSequence(kPruningBlock));
  EXPECT_EQ(world.ledger->read_after(LedgerSequence(), 1).value().size(), 1U);
  ASSERT_TRUE(world.append(entry_of(EntryKind::kOpened, transaction(2))).has_value());
  const auto report = world.verified();
  EXPECT_FALSE(report.finding.has_value());
  EXPECT_EQ(report.pruned, LedgerSequence(kPruningBlock));
  EXPECT_EQ(report.last, LedgerSequence(kOld + 11));
  ASSERT_TRUE(world.open().has_value());  // and a checkpoint of before still proves the whole
  EXPECT_EQ(world.ledger->base().last, LedgerSequence(kPruningBlock));
}

TEST(Pruning, WaitsForTheDayAfterFiveYears) {  // R35, R41
  Aged world;
  const auto last_day = parse_rfc3339("2025-11-22T23:59:59+09:00").value();
  EXPECT_EQ(world.plan(last_day).error().code, ErrorCode::kRetentionNotOver);
  EXPECT_TRUE(world.plan(last_day + std::chrono::seconds(1)).has_value());
}

TEST(Pruning, LeavesNothingThatIsStillInForce) {  // INV-9
  const auto at = [](bool resumed) {
    LedgerWorld world;
    const auto now = world.clock.utc_now();
    world.clock.step_utc(parse_rfc3339("2020-11-22T12:00:00+09:00").value() - now);
    world.start();
    EXPECT_TRUE(world.append(entry_of(EntryKind::kIssuingStopped)).has_value());
    for (std::size_t n = 0; n < kPruningBlock + 10; ++n) {
      if (n % 1000 == 0) world.run();
      world.begin(entry_of(EntryKind::kOpened));
    }
    world.run();
    if (resumed) {
      EXPECT_TRUE(world.append(entry_of(EntryKind::kIssuingResumed)).has_value());
    }
    return plan_pruning([&](LedgerSequence after,
                            std::size_t max) { return world.ledger->read_after(after, max); },
                        kLedgerOrigin, world.ledger->base(), world.ledger->health().last, now)
        .has_value();
  };
  EXPECT_FALSE(at(false));
  EXPECT_TRUE(at(true));
}

TEST(Pruning, AStatementOfOtherEntriesRemovesNothing) {  // R41
  Aged world;
  auto statement = world.plan(world.clock.utc_now()).value().back();
  statement.state.chain[0] ^= 1;
  EXPECT_EQ(world.ledger->prune(Aged::note_of(statement)).error().code,
            ErrorCode::kStatementInvalid);
  EXPECT_TRUE(world.ledger->health().writable);
  EXPECT_EQ(world.ledger->base().last, LedgerSequence());
  EXPECT_FALSE(world.verified().finding.has_value());
}

TEST(Pruning, StatesItsRulesInTheStatement) {  // R41
  Aged world;
  const auto good = world.plan(world.clock.utc_now()).value().back();
  EXPECT_EQ(parse_pruning(to_checkpoint(good)).value(), good);
  auto early = good;
  early.pruned_at = parse_rfc3339("2025-11-22T23:59:59+09:00").value();
  EXPECT_EQ(parse_pruning(to_checkpoint(early)).error().code, ErrorCode::kRetentionNotOver);
  auto root = to_checkpoint(good);
  root.root[0] ^= 1;
  EXPECT_EQ(parse_pruning(root).error().code, ErrorCode::kStatementInvalid);
  auto short_one = to_checkpoint(good);
  short_one.extensions.pop_back();
  EXPECT_EQ(parse_pruning(short_one).error().code, ErrorCode::kStatementInvalid);
}

TEST(Pruning, AStatementThatEndsNoBlockIsRefused) {
  auto state = empty_chain(kLedgerOrigin);
  auto entry = entry_of(EntryKind::kOpened, transaction(1));
  entry.sequence = LedgerSequence(1);
  extend_chain(state, encode(entry).value());
  const PruningStatement statement{.origin = std::string(kLedgerOrigin),
                                   .state = state,
                                   .newest = UtcTime{},
                                   .pruned_at = parse_rfc3339("2026-11-22T00:00:00Z").value()};
  EXPECT_EQ(parse_pruning(to_checkpoint(statement)).error().code, ErrorCode::kStatementInvalid);
}

// Opens the closed ledger's file and runs SQL, as somebody with the file can.
void meddle(LedgerWorld& world, const char* sql) {
  world.ledger.reset();
  auto database = Database::open(world.vfs, "ledger", Database::Access::kReadWrite).value();
  ASSERT_TRUE(database.execute(sql).has_value());
}

TEST(Pruning, EntriesThatWereDeletedWithoutAStatementAreMissed) {  // R41
  Aged world;
  meddle(world, "DELETE FROM entry WHERE sequence <= 4096");
  const auto report = world.verified();
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->at, LedgerSequence(1));
}

TEST(Pruning, MoreThanTheStatementSaysIsMissed) {  // R41
  Aged world;
  ASSERT_TRUE(world.ledger->prune(Aged::note_of(world.plan(world.clock.utc_now()).value().back())));
  meddle(world, "DELETE FROM entry WHERE sequence = 4097");
  const auto report = world.verified();
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->at, LedgerSequence(4097));
}

TEST(Pruning, AStatementByAnotherKeyIsFoundAndDoesNotOpen) {  // R41
  Aged world;
  const auto stranger = CheckpointKey::generate(kLedgerOrigin).value();
  const auto statement = world.plan(world.clock.utc_now()).value().back();
  const auto note = stranger.sign(to_checkpoint(statement)).value();
  EXPECT_EQ(world.ledger->prune(note).error().code, ErrorCode::kUnknownKey);
  world.ledger.reset();
  {
    auto store = LedgerStore::open(world.vfs, "ledger").value();
    ASSERT_TRUE(store.prune(note).has_value());
  }
  const auto report = world.verified();
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->at, LedgerSequence(1));
  EXPECT_EQ(world.open().error().code, ErrorCode::kUnknownKey);
}

std::vector<std::string> exported(LedgerWorld& world) {
  world.ledger.reset();
  auto store = LedgerStore::open(world.vfs, "ledger").value();
  const auto note = checkpoint_key().sign(checkpoint_of(kLedgerOrigin, store.stated())).value();
  std::vector<std::string> lines;
  EXPECT_TRUE(export_ledger(store, note, [&](std::string_view line) {
                lines.emplace_back(line);
                return Result<void>(ok());
              }).has_value());
  return lines;
}

TEST(Pruning, AnExportCarriesTheStatement) {  // R41, R45
  Aged world;
  ASSERT_TRUE(world.ledger->prune(Aged::note_of(world.plan(world.clock.utc_now()).value().back())));
  const auto lines = exported(world);
  ExportVerifier good;
  for (const auto& line : lines) ASSERT_TRUE(good.take(line).has_value());
  EXPECT_TRUE(good.expect_end().has_value());
  EXPECT_TRUE(good.pruning().has_value());
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  ASSERT_TRUE(world.files.write_durably("export", as_bytes(text)).has_value());
  const auto verified =
      verify_export(world.files, "export", testing::checkpoint_key().verifier()).value();
  EXPECT_FALSE(verified.finding.has_value());
  EXPECT_EQ(verified.before, std::get<ExportHead>(parse_export_line(lines[0]).value()).before.last);
  EXPECT_GT(verified.before, LedgerSequence());
  auto head = std::get<ExportHead>(parse_export_line(lines[0]).value());
  head.before.chain[0] ^= 1;
  ExportVerifier bad;
  EXPECT_EQ(bad.take(encode_export_line(head)).error().code, ErrorCode::kStatementInvalid);
}

TEST(Pruning, IsWholeOrNotAtAllAfterAPowerCut) {  // R41
  std::size_t whole = 0;
  std::size_t none = 0;
  for (std::uint64_t n = 1; whole == 0 && n < 2000; n = n + n / 4 + 1) {
    Aged world;
    const auto note = Aged::note_of(world.plan(world.clock.utc_now()).value().back());
    world.files.die_at(n);
    const bool pruned = world.ledger->prune(note).has_value();
    EXPECT_EQ(world.ledger->health().writable, pruned);
    world.ledger.reset();
    world.files.power_cut(n);
    ASSERT_TRUE(world.open().has_value()) << n;
    const auto base = world.ledger->base().last.value();
    EXPECT_TRUE(base == kPruningBlock || (base == 0 && !pruned)) << n;
    EXPECT_FALSE(world.verified().finding.has_value()) << n;
    ++(pruned ? whole : none);
  }
  EXPECT_EQ(whole, 1U);
  EXPECT_GT(none, 3U);
}

}  // namespace
}  // namespace certrelay
