// Goal: no acknowledged entry is ever lost, whatever moment the power goes (R41, R42, INV-8).
// Method: one run of appends, close and reopening is repeated with the power cut at its first,
// second, ... last call that changes the disk, each time once with everything un-synced gone and
// several times with an arbitrary part of it there.
#include <gtest/gtest.h>

#include "relay/ledger/verify.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::Call;
using testing::entry_of;
using testing::LedgerWorld;
using testing::transaction;

using Acknowledged = std::map<std::uint64_t, TransactionId>;

// Appends groups of 1, 2, 3 and 4 entries, closing and opening in between, as far as it gets.
void live(LedgerWorld& world, Acknowledged& acknowledged) {
  std::uint8_t n = 0;
  for (int group = 1; group <= 4; ++group) {
    std::vector<std::pair<TransactionId, std::shared_ptr<LedgerWorld::Answer>>> answers;
    for (int i = 0; i < group; ++i) {
      const auto id = transaction(++n);
      answers.emplace_back(id, world.begin(entry_of(EntryKind::kProvisionIntent, id)));
    }
    world.run();
    for (const auto& [id, answer] : answers) {
      if (answer->value()) acknowledged.emplace(answer->value().value().value(), id);
    }
    if (group != 2) continue;
    if (!world.ledger->close() || !world.open()) return;
  }
  static_cast<void>(world.ledger->close().has_value());
}

void expect_all_there(LedgerWorld& world, const Acknowledged& acknowledged) {
  ASSERT_TRUE(world.open().has_value());
  const auto next = world.append(entry_of(EntryKind::kBoot));
  ASSERT_TRUE(next.has_value());
  const auto stored = world.stored();
  EXPECT_EQ(stored.size(), next.value().value());
  for (const auto& [number, id] : acknowledged) {
    ASSERT_LT(number, stored.size());
    EXPECT_EQ(stored[number - 1].transaction, id) << number;
  }
}

std::uint64_t changes_of_a_whole_run() {
  LedgerWorld world;
  world.start();
  const auto before = world.files.changes();
  Acknowledged acknowledged;
  live(world, acknowledged);
  EXPECT_EQ(acknowledged.size(), 10U);
  return world.files.changes() - before;
}

TEST(LedgerPowerCutTest, NoAcknowledgedEntryIsLostAtAnyCut) {
  const auto changes = changes_of_a_whole_run();
  ASSERT_GT(changes, 40U);
  constexpr std::uint64_t kSeeds = 4;
  for (std::uint64_t cut = 1; cut <= changes; ++cut) {
    for (std::uint64_t seed = 0; seed <= kSeeds; ++seed) {
      SCOPED_TRACE("cut " + std::to_string(cut) + " seed " + std::to_string(seed));
      LedgerWorld world;
      world.start();
      Acknowledged acknowledged;
      world.files.die_at(cut);
      live(world, acknowledged);
      if (seed == 0) {
        world.files.power_cut();
      } else {
        world.files.power_cut(cut * 1000 + seed);
      }
      world.ledger.reset();
      expect_all_there(world, acknowledged);
    }
  }
}

TEST(LedgerPowerCutTest, CreationLeavesAWholeLedgerOrNone) {
  for (std::uint64_t cut = 1; cut < 100; ++cut) {
    LedgerWorld world;
    world.files.die_at(cut);
    const bool created = world.create().has_value();
    world.files.power_cut(cut);
    if (created) {
      EXPECT_GT(cut, 5U);
      break;
    }
    const auto again = world.create();
    EXPECT_TRUE(again || again.error().code == ErrorCode::kAlreadyExists) << cut;
    EXPECT_TRUE(world.open().has_value()) << cut;
  }
}

// The N-th write or sync of a run fails, the machine lives on: what was acknowledged is there after
// the ledger was opened again, and nothing was acknowledged after the failure.
TEST(LedgerPowerCutTest, NoAcknowledgedEntryIsLostWhenAnyOneCallFails) {
  for (const auto call : {Call::kWrite, Call::kSync}) {
    for (std::uint64_t n = 1; n <= 60; ++n) {
      SCOPED_TRACE(std::string(call == Call::kWrite ? "write " : "sync ") + std::to_string(n));
      LedgerWorld world;
      world.start();
      Acknowledged acknowledged;
      world.files.fail_nth(call, n, n % 2 == 0 ? ErrorCode::kDiskFull : ErrorCode::kIoError);
      live(world, acknowledged);
      world.files.heal();
      world.ledger.reset();
      world.files.power_cut();
      expect_all_there(world, acknowledged);
    }
  }
}

}  // namespace
}  // namespace certrelay
