// The end of a machine. R19, R21.
#include "relay/registry/erasure/decommission.hpp"

#include <gtest/gtest.h>

#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

ErasureOrder decommission_order() {
  return {OperatorName::parse("mihon.ichiro").value(), OperatorName::parse("mihon.hanako").value(),
          StatedReason::parse("機器更新（見本）").value()};
}

struct DecommissionWorld : RegisterWorld {
  DecommissionWorld() {
    CERTRELAY_CHECK(import(*open().value(), sample::extract(sample::content(3))).has_value());
    for (const auto* folder : {"/s/spool", "/s/ledger"}) {
      CERTRELAY_CHECK(files.make_folder(folder).has_value());
      CERTRELAY_CHECK(
          files.write_durably(std::string(folder) + "/file", as_bytes("見本")).has_value());
    }
    how = {.state_folder = "/s",
           .folders = {settings.folder, "/s/spool"},
           .root_slots = settings.folder + "/root.slots",
           .outer_key = settings.outer_key,
           .rule = {settings.owner, 0600},
           .program = "certrelay"};
  }
  Decommissioned state() { return decommission_state(files, "/s").value(); }
  Result<std::string> sanitise_now() {
    StoredOuterKey outer(files, settings.outer_key, FileRule{settings.owner, 0600});
    return sanitise(files, how, outer, clock.utc_now());
  }
  Result<void> begin() {
    return begin_decommission(files, how, decommission_order(), clock.utc_now());
  }
  Result<void> drop_ledger(LedgerTakeOver take_over) {
    return destroy_ledger(files, how, "/s/ledger", take_over, clock.utc_now());
  }
  LedgerTakeOver equal() {
    const auto root = sha256(as_bytes("tree"));
    return {12, root, 12, root, clock.utc_now()};
  }
  DecommissionSettings how;
};

TEST(Decommission, LeavesNeitherDataNorKeysButTheLedger) {
  DecommissionWorld world;
  EXPECT_EQ(world.state(), Decommissioned::kNo);
  EXPECT_EQ(world.sanitise_now().error().code, ErrorCode::kNotYetSanitised);
  ASSERT_TRUE(world.begin().has_value());
  EXPECT_EQ(world.begin().error().code, ErrorCode::kDecommissioned);
  const auto record = world.sanitise_now().value();
  world.files.power_cut();
  EXPECT_EQ(world.state(), Decommissioned::kResidents);
  EXPECT_TRUE(world.stored_files().empty());
  EXPECT_TRUE(world.files.list("/s/spool").value().empty());
  EXPECT_FALSE(world.files.info("/s/outer.key").has_value());
  EXPECT_FALSE(world.files.list("/s/ledger").value().empty());
  for (const auto* word : {"Purge", "Cryptographic Erase", "mihon.hanako", "read back"}) {
    EXPECT_NE(record.find(word), std::string::npos) << word;
  }
}

TEST(Decommission, LedgerGoesOnlyAfterAVerifiedCopy) {
  DecommissionWorld world;
  EXPECT_EQ(world.drop_ledger(world.equal()).error().code, ErrorCode::kNotYetSanitised);
  ASSERT_TRUE(world.begin().has_value());
  EXPECT_EQ(world.drop_ledger(world.equal()).error().code, ErrorCode::kNotYetSanitised);
  ASSERT_TRUE(world.sanitise_now().has_value());
  auto other = world.equal();
  other.copy_size = 11;
  EXPECT_EQ(world.drop_ledger(other).error().code, ErrorCode::kTakeOverMissing);
  other = world.equal();
  other.copy_root[0] ^= 1;
  EXPECT_EQ(world.drop_ledger(other).error().code, ErrorCode::kTakeOverMissing);
  other = world.equal();
  other.copy_size.reset();
  EXPECT_EQ(world.drop_ledger(other).error().code, ErrorCode::kTakeOverMissing);
  EXPECT_FALSE(world.files.list("/s/ledger").value().empty());
  ASSERT_TRUE(world.drop_ledger(world.equal()).has_value());
  EXPECT_TRUE(world.files.list("/s/ledger").value().empty());
  EXPECT_EQ(world.state(), Decommissioned::kWhole);
}

TEST(Decommission, LedgerPastItsFiveYearsNeedsNoCopy) {  // R41
  DecommissionWorld world;
  ASSERT_TRUE(world.begin().has_value());
  ASSERT_TRUE(world.sanitise_now().has_value());
  auto alone = world.equal();
  alone.copy_size.reset();
  alone.last_entry = parse_rfc3339("2021-11-20T10:00:00+09:00").value();
  const auto at = [&](std::string_view time) {
    return destroy_ledger(world.files, world.how, "/s/ledger", alone, parse_rfc3339(time).value());
  };
  EXPECT_EQ(at("2026-11-21T23:59:59+09:00").error().code, ErrorCode::kTakeOverMissing);
  EXPECT_TRUE(at("2026-11-22T00:00:00+09:00").has_value());
}

// Goal: it can always be finished, and never looks finished before. Method: die at every change.
TEST(Decommission, PowerCutAtEveryWriteCanBeFinished) {
  std::uint64_t deaths = 0;
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    DecommissionWorld world;
    world.files.die_at(at);
    const bool begun = world.begin().has_value();
    finished = begun && world.sanitise_now().has_value();
    world.files.power_cut(at);
    const auto state = world.state();
    if (finished) {
      EXPECT_EQ(state, Decommissioned::kResidents);
    }
    if (begun) {
      EXPECT_NE(state, Decommissioned::kNo) << at;
    }
    if (state == Decommissioned::kNo) {
      EXPECT_TRUE(world.open().has_value()) << at;
      ASSERT_TRUE(world.begin().has_value());
    }
    ASSERT_TRUE(world.sanitise_now().has_value()) << at;
    EXPECT_TRUE(world.stored_files().empty()) << at;
    EXPECT_FALSE(world.files.info("/s/outer.key").has_value()) << at;
  }
  EXPECT_GT(deaths, 20U);
}

// Goal: a ledger that was compared once and is half gone can be finished, and is never called gone
// before. Method: die at every change of its destruction.
TEST(Decommission, PowerCutAtEveryWriteOfTheLedgersEndCanBeFinished) {  // R19, R41
  std::uint64_t deaths = 0;
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    DecommissionWorld world;
    ASSERT_TRUE(world.begin().has_value());
    ASSERT_TRUE(world.sanitise_now().has_value());
    world.files.die_at(at);
    finished = world.drop_ledger(world.equal()).has_value();
    world.files.power_cut(at);
    const bool gone = world.files.list("/s/ledger").value().empty();
    if (world.state() == Decommissioned::kWhole) {
      EXPECT_TRUE(gone) << at;
    }
    const auto resumed = resume_ledger_destruction(world.files, world.how, "/s/ledger");
    ASSERT_TRUE(resumed.has_value()) << at;
    if (gone && !resumed.value()) {
      EXPECT_EQ(world.state(), Decommissioned::kWhole) << at;
    }
    if (world.state() != Decommissioned::kWhole) {
      EXPECT_FALSE(gone) << at;
      ASSERT_TRUE(world.drop_ledger(world.equal()).has_value()) << at;
    }
    EXPECT_EQ(world.state(), Decommissioned::kWhole) << at;
    EXPECT_TRUE(world.files.list("/s/ledger").value().empty()) << at;
    EXPECT_FALSE(world.files.info("/s/decommission.ledger").has_value()) << at;
  }
  EXPECT_GT(deaths, 4U);
}

}  // namespace
}  // namespace certrelay
