// Goal: the accounts' file is whole at any crash, and a change by hand or an older copy shows.
#include "relay/operators/operator_store.hpp"

#include <gtest/gtest.h>

#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;

constexpr const char* kStorePath = "/s/operators.sealed";

Result<std::unique_ptr<OperatorStore>> reopen(OperatorWorld& world, std::uint64_t version_min = 0) {
  return OperatorStore::open(world.files, world.entropy, {kStorePath, world.municipality()},
                             world.outer, version_min);
}

TEST(OperatorStore, OpensAgainWithWhatWasWritten) {
  OperatorWorld world;
  const auto action = world.clear_action(world.clerk);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  world.files.power_cut();
  const auto again = reopen(world);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again.value()->book(), world.store->book());
  EXPECT_EQ(again.value()->book().find(action.id)->action, action);  // pending over a restart
}

TEST(OperatorStore, AnyByteChangedByHandDoesNotOpen) {
  OperatorWorld world;
  const auto good = world.files.content(kStorePath);
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1;
    world.files.set_content(kStorePath, bad);
    const auto opened = reopen(world);
    ASSERT_FALSE(opened.has_value()) << i;
    EXPECT_EQ(opened.error().code, ErrorCode::kSealBroken);
  }
}

TEST(OperatorStore, ForeignKeyOrMunicipalityDoesNotOpen) {
  OperatorWorld world;
  const auto other = random_key(world.entropy);
  EXPECT_FALSE(
      OperatorStore::open(world.files, world.entropy, {kStorePath, world.municipality()}, other, 0)
          .has_value());
  const auto elsewhere = MunicipalityCode::parse("392910").value();
  EXPECT_FALSE(
      OperatorStore::open(world.files, world.entropy, {kStorePath, elsewhere}, world.outer, 0)
          .has_value());
}

TEST(OperatorStore, AnOlderCopyThanTheLedgerNamesDoesNotOpen) {  // R30
  OperatorWorld world;
  const auto before = world.files.content(kStorePath);
  const auto revoke = world.action(world.head, "operator.revoke", {{"name", "mihon-clerk"}});
  EXPECT_EQ(world.said(world.propose(world.head, revoke)), "done");
  const auto named = world.ledger.entries.back().count.value();
  EXPECT_TRUE(reopen(world, named).has_value());
  world.files.set_content(kStorePath, before);
  EXPECT_EQ(reopen(world, named).error().code, ErrorCode::kOperatorsRolledBack);
}

TEST(OperatorStore, IsOldOrNewWholeAtEveryPointOfACrash) {
  for (std::uint64_t at = 1; at < 8; ++at) {
    OperatorWorld world;
    const auto before = world.store->book();
    auto next = before;
    ASSERT_TRUE(next.revoke(world.clerk.name(), world.clock.utc_now()).has_value());
    world.files.die_at(world.files.changes() + at);
    const auto written = world.store->write(next).has_value();
    world.files.power_cut(at);
    const auto again = reopen(world);
    ASSERT_TRUE(again.has_value()) << at;
    const auto version = again.value()->book().version;
    EXPECT_TRUE(version == before.version || version == before.version + 1);
    if (written) {
      EXPECT_EQ(version, before.version + 1);
    }
    EXPECT_EQ(again.value()->book().find(world.clerk.name())->revoked_at.has_value(),
              version != before.version);
  }
}

TEST(OperatorStore, AWriteThatFailsLeavesTheOldAccountsInForce) {
  OperatorWorld world;
  world.files.fail_all(testing::Call::kSync, ErrorCode::kDiskFull);
  const auto revoke = world.action(world.head, "operator.revoke", {{"name", "mihon-clerk"}});
  EXPECT_EQ(world.said(world.propose(world.head, revoke)), "overloaded");
  world.files.heal();
  EXPECT_EQ(world.get(world.clerk, "/v1/state").status, 200);
}

TEST(OperatorBook, DecodesWhatItEncodesAndNothingCutShort) {
  OperatorWorld world;
  EXPECT_EQ(world.said(world.propose(world.clerk, world.clear_action(world.clerk))), "pending");
  const auto bytes = encode_book(world.store->book());
  EXPECT_EQ(decode_book(bytes).value(), world.store->book());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decode_book(ByteView(bytes).first(i)).has_value()) << i;
  }
}

}  // namespace
}  // namespace certrelay
