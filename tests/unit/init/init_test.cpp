// `certrelayctl init` on a disk that forgets: all keys on the box, certificates judged as a whole,
// two people, and a door that closes once (R20, R30, R33, R44).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "firmware/ctl/init/certificate_check.hpp"
#include "firmware/ctl/init/key_table.hpp"
#include "firmware/ctl/init/site_text.hpp"
#include "firmware/daemon/config.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/keys/outer_key.hpp"
#include "relay/ledger/ledger_store.hpp"
#include "relay/operators/operator_store.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/init/init_world.hpp"

namespace certrelay {
namespace {

using testing::Call;
using testing::InitWorld;
using testing::kInitFrom;
using testing::kInitNow;
using testing::kInitSite;
using testing::site_path;

Result<InitStage> stage_of(InitWorld& world) { return init_stage(world.files, kInitSite, 0); }

TEST(InitKeys, EveryKeyOfTheTableIsMadeForItsOwnerAloneAndOpensWithThePassPhrase) {  // R33
  InitWorld world;
  EXPECT_EQ(stage_of(world).value(), InitStage::kNothing);
  ASSERT_TRUE(world.make_keys().has_value());
  EXPECT_EQ(stage_of(world).value(), InitStage::kKeysMade);
  const auto password = read_site_password(world.files, kInitSite).value();
  EXPECT_EQ(password.size(), 32U);
  for (const auto& row : kSiteKeys) {
    const auto info = world.files.info(site_path(row.file)).value();
    EXPECT_EQ(info.mode, 0600U) << row.file;
    const auto text = world.text(site_path(row.file));
    if (row.kind == SiteKeyKind::kBytes32) {
      EXPECT_EQ(text.size(), 32U);
      EXPECT_TRUE(row.handed_out.empty());
      continue;
    }
    const auto type = row.kind == SiteKeyKind::kEd25519 ? KeyType::kEd25519 : KeyType::kEcdsaP256;
    const auto key = PrivateKey::from_pem(text, password, type);
    ASSERT_TRUE(key.has_value()) << row.file;
    EXPECT_NE(world.text(site_path(kFingerprintsFile)).find(to_hex(sha256(key.value().spki()))),
              std::string::npos);
    // Nothing that is handed out holds the private half or the pass phrase.
    const auto handed = world.text(site_path(row.handed_out));
    EXPECT_EQ(handed.find("PRIVATE KEY"), std::string::npos);
    EXPECT_EQ(handed.find(password), std::string::npos);
  }
}

TEST(InitKeys, APlanWithoutDocumentsMakesNoKeyForThem) {
  InitWorld world;
  world.plan.signature = false;
  ASSERT_TRUE(world.make_keys().has_value());
  EXPECT_FALSE(world.files.info(site_path("keys/documents.key")).has_value());
  EXPECT_FALSE(world.files.info(site_path("to-authorities/documents.csr")).has_value());
}

TEST(InitKeys, ASecondCallOnTheSameFolderIsRefused) {
  InitWorld world;
  ASSERT_TRUE(world.make_keys().has_value());
  const auto before = world.text(site_path("keys/answer.pem"));
  EXPECT_EQ(world.make_keys().error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(world.text(site_path("keys/answer.pem")), before);
}

TEST(InitKeys, AFolderWithOtherFilesIsLeftAlone) {
  InitWorld world;
  ASSERT_TRUE(world.files.make_folder(kInitSite).has_value());
  world.put(site_path("notes.txt"), "somebody's");
  EXPECT_EQ(stage_of(world).error().code, ErrorCode::kAlreadyExists);
}

TEST(InitKeys, AFolderOfAnotherUserIsRefused) {  // R33
  InitWorld world;
  ASSERT_TRUE(world.make_keys().has_value());
  EXPECT_EQ(init_stage(world.files, kInitSite, 4711).error().code, ErrorCode::kWrongOwner);
}

TEST(InitKeys, APowerCutLeavesAStageThatBeginsAnew) {
  InitWorld whole;
  const auto before = whole.files.changes();
  ASSERT_TRUE(whole.make_keys().has_value());
  const auto steps = whole.files.changes() - before;
  // Each takes seconds, for the keys' sake: the beginning, the middle, and the last file.
  for (const std::uint64_t at : {std::uint64_t{2}, steps / 2, steps - 6}) {
    InitWorld world;
    world.files.die_at(world.files.changes() + at);
    EXPECT_FALSE(world.make_keys().has_value()) << at;
    world.files.power_cut(at);
    const auto stage = stage_of(world).value();
    ASSERT_TRUE(stage == InitStage::kBegun || stage == InitStage::kNothing) << at;
    ASSERT_TRUE(world.make_keys().has_value()) << at;
    EXPECT_EQ(stage_of(world).value(), InitStage::kKeysMade);
  }
}

// How far the site's ledger goes, and what it says by then.
std::pair<std::uint64_t, Digest> ledger_state(testing::ForgetfulFiles& files) {
  testing::SeededEntropy entropy{3};
  const SqliteVfs vfs(files, entropy);
  const auto store = LedgerStore::open(vfs, site_path("state/ledger/ledger.db"));
  if (!store) return {};
  return {store.value().stated().last.value(), store.value().stated().chain};
}

// Every file of the folder and below, but locks, what is half written, and SQLite's log: all of
// that is in the table, and whether the disk knows that it was cut short says nothing.
std::map<std::string, Bytes> whole_files(testing::ForgetfulFiles& files, const std::string& path) {
  std::map<std::string, Bytes> out;
  const auto names = files.list(path).value();
  for (const auto& name : names) {
    const auto below = path + "/" + name;
    if (files.info(below).value().kind == FileInfo::Kind::kFolder) {
      out.merge(whole_files(files, below));
    } else if (!name.ends_with(".lock") && !name.ends_with(".new") && !name.ends_with("-wal")) {
      out[below] = files.content(below);
    }
  }
  return out;
}

// The files of which the two do not say the same.
std::string differences(const std::map<std::string, Bytes>& one,
                        const std::map<std::string, Bytes>& other) {
  std::string out;
  for (const auto& [path, bytes] : one) {
    if (!other.contains(path) || other.at(path) != bytes) out += path + " ";
  }
  for (const auto& [path, bytes] : other) {
    if (!one.contains(path)) out += path + " ";
  }
  return out;
}

// What a power cut at each write of `work` would leave, where it would be answered as that stage.
struct Cuts {
  std::size_t looked_at = 0;
  std::vector<std::unique_ptr<testing::ForgetfulFiles>> of_stage;
};
template <class Work>
Cuts cuts_of(InitWorld& world, InitStage stage, const Work& work) {
  Cuts out;
  world.files.watch_cuts([&](std::unique_ptr<testing::ForgetfulFiles> disk) {
    ++out.looked_at;
    const auto found = init_stage(*disk, kInitSite, 0);
    ASSERT_TRUE(found.has_value()) << out.looked_at;
    if (found.value() == stage) out.of_stage.push_back(std::move(disk));
  });
  EXPECT_TRUE(work().has_value());
  world.files.watch_cuts({});
  return out;
}

TEST(InitKeys, APowerCutAtEveryWriteIsAnsweredAsDoneOnlyWithEveryKeyWhole) {
  InitWorld world;
  const auto cuts = cuts_of(world, InitStage::kKeysMade, [&] { return world.make_keys(); });
  EXPECT_GT(cuts.looked_at, 100U);
  ASSERT_FALSE(cuts.of_stage.empty());  // the last sync: the rename may be on the disk
  const auto all = whole_files(world.files, kInitSite);
  for (const auto& disk : cuts.of_stage) {
    EXPECT_EQ(differences(whole_files(*disk, kInitSite), all), "");
  }
}

TEST(InitTake, APowerCutAtEveryWriteIsAnsweredAsDoneOnlyWithTheWholeSite) {
  InitWorld world;
  const auto site = world.whole();
  const auto cuts = cuts_of(world, InitStage::kFinished, [&] {
    return finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow);
  });
  EXPECT_GT(cuts.looked_at, 100U);
  ASSERT_FALSE(cuts.of_stage.empty());
  const auto all = whole_files(world.files, kInitSite);
  const auto ledger = ledger_state(world.files);
  for (const auto& disk : cuts.of_stage) {
    EXPECT_EQ(differences(whole_files(*disk, kInitSite), all), "");
    EXPECT_EQ(ledger_state(*disk), ledger);
  }
}

// The rename is visible and its sync failed: the next call must not say "done" of what a power cut
// takes back, for then the requests of destroyed keys are with the authorities.
TEST(InitKeys, WhatIsAnsweredAsDoneIsDurable) {
  InitWorld world;
  InitWorld counted;
  const auto before = counted.files.calls(Call::kSyncFolder);
  ASSERT_TRUE(counted.make_keys().has_value());
  const auto syncs = counted.files.calls(Call::kSyncFolder) - before;
  world.files.fail_nth(Call::kSyncFolder, syncs, ErrorCode::kIoError);
  EXPECT_EQ(world.make_keys().error().code, ErrorCode::kIoError);
  EXPECT_EQ(stage_of(world).value(), InitStage::kKeysMade);
  world.files.power_cut();
  EXPECT_EQ(stage_of(world).value(), InitStage::kKeysMade);
}

TEST(InitTake, WhatIsAnsweredAsDoneIsDurable) {
  InitWorld counted;
  const auto counted_site = counted.whole();
  const auto before = counted.files.calls(Call::kSyncFolder);
  ASSERT_TRUE(
      finish_site(counted.files, counted.entropy, counted.plan, counted_site, kInitSite, kInitNow)
          .has_value());
  const auto syncs = counted.files.calls(Call::kSyncFolder) - before;
  InitWorld world;
  const auto site = world.whole();
  world.files.fail_nth(Call::kSyncFolder, syncs, ErrorCode::kIoError);
  EXPECT_FALSE(
      finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow).has_value());
  EXPECT_EQ(stage_of(world).value(), InitStage::kFinished);
  world.files.power_cut();
  EXPECT_EQ(stage_of(world).value(), InitStage::kFinished);
}

TEST(InitTake, WhatFitsMakesASiteThatTheServersOwnLoaderTakes) {
  InitWorld world;
  const auto site = world.whole();
  ASSERT_TRUE(
      finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow).has_value());
  EXPECT_EQ(stage_of(world).value(), InitStage::kFinished);
  // The loader reads the machine's files.
  const testing::TempFolder folder;
  PosixFiles posix;
  ASSERT_TRUE(posix.make_folder(folder / "keys").has_value());
  const auto password = world.text(site_path(kPasswordFile));
  ASSERT_TRUE(posix.write_durably(folder / "keys/password", as_bytes(password)).has_value());
  const auto text = world.text(site_path(kSiteConfigFile));
  ASSERT_TRUE(posix.write_durably(folder / "certrelay.toml", as_bytes(text)).has_value());
  const auto config = load_config(folder / "certrelay.toml");
  EXPECT_FALSE(config.demo);
  EXPECT_EQ(config.peers.size(), 2U);
  EXPECT_EQ(config.calendar.at(CertificateKind::kJuminhyo).hours.opens_min, 390);  // R04
  EXPECT_EQ(config.keys.outer_key, folder / "keys/outer.key");
  EXPECT_EQ(config.documents->key, folder / "keys/documents.key");
  for (const auto& row : kSiteKeys) {
    EXPECT_NE(text.find("\"" + std::string(row.file) + "\""), std::string::npos) << row.file;
  }
}

TEST(InitTake, ExactlyTwoPeopleAreEnrolledAndTheDoorClosesInTheLedger) {  // R30, R35
  InitWorld world;
  const auto site = world.whole();
  ASSERT_TRUE(
      finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow).has_value());
  const auto outer = read_outer_key(world.files, site_path("keys/operators.key")).value();
  const auto store =
      OperatorStore::open(world.files, world.entropy,
                          {site_path("state/operators.sealed"), world.plan.municipality}, outer, 1);
  ASSERT_TRUE(store.has_value());
  const auto& accounts = store.value()->book().accounts;
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[0].roles, RoleSet{OperatorRole::kCenterHead});
  EXPECT_EQ(accounts[1].roles, RoleSet{OperatorRole::kCityAdministrator});
  const SqliteVfs vfs(world.files, world.entropy);
  auto ledger = LedgerStore::open_read_only(vfs, site_path("state/ledger/ledger.db")).value();
  std::vector<Entry> entries;
  const auto wrong = ledger.walk([&](const Entry& entry, ByteView, const ChainState&) {
    entries.push_back(entry);
    return Result<void>(ok());
  });
  ASSERT_TRUE(wrong.has_value() && !wrong.value().has_value());
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(ledger.origin(), ledger_origin(world.plan.municipality));
  EXPECT_EQ(entries[0].kind, EntryKind::kLedgerCreated);
  EXPECT_EQ(entries[1].operator_name->text(), "mihon-ichiro");
  EXPECT_EQ(entries[2].operator_name->text(), "mihon-hanako");
  EXPECT_EQ(entries[3].action->text(), "enrolment.close");
  EXPECT_EQ(*entries[3].artifact_sha256, sha256(world.text(site_path(kSiteConfigFile))));
  for (const auto& entry : entries) EXPECT_EQ(entry.flags, 0) << entry.sequence.value();
}

TEST(InitTake, ASecondTakeIsRefusedAlsoWhereTheConfigurationWasLost) {
  InitWorld world;
  const auto site = world.whole();
  const auto take = [&] {
    return finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow);
  };
  ASSERT_TRUE(take().has_value());
  EXPECT_EQ(take().error().code, ErrorCode::kAlreadyExists);
  // The relay has run, so the ledger is a living one: it is never taken for a leftover.
  world.put(site_path("state/lock"), "");
  ASSERT_TRUE(world.files.remove(site_path(kSiteConfigFile)).has_value());
  EXPECT_EQ(stage_of(world).value(), InitStage::kFinished);
  EXPECT_EQ(take().error().code, ErrorCode::kAlreadyExists);
}

TEST(InitTake, APowerCutAtAnyMomentLeavesTheStageBeforeOrTheWholeSite) {
  InitWorld world;
  const auto site = world.whole();
  const auto take = [&] {
    return finish_site(world.files, world.entropy, world.plan, site, kInitSite, kInitNow);
  };
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at) {
    ASSERT_LT(at, 2000U);
    world.files.die_at(world.files.changes() + at);
    finished = take().has_value();
    world.files.die_at(0);
    if (!finished) world.files.power_cut(at);
    const auto stage = stage_of(world).value();
    if (stage == InitStage::kFinished) break;  // its last rename had reached the disk
    ASSERT_EQ(stage, InitStage::kKeysMade) << at;
  }
  EXPECT_EQ(stage_of(world).value(), InitStage::kFinished);
  const SqliteVfs vfs(world.files, world.entropy);
  EXPECT_TRUE(LedgerStore::open_read_only(vfs, site_path("state/ledger/ledger.db")).has_value());
}

TEST(InitTake, EveryMissingFileIsNamedInOneReading) {
  InitWorld world;
  ASSERT_TRUE(world.make_keys().has_value());
  auto reader = world.reader();
  ASSERT_TRUE(reader.read().has_value());
  for (const auto& file : expected_files(world.plan)) {
    EXPECT_TRUE(std::ranges::any_of(reader.findings(), [&](const InitFinding& one) {
      return one.file == file;
    })) << file;
  }
}

}  // namespace
}  // namespace certrelay
