// Goal: whoever kept old copies of the register's files has nothing of an erased person, whichever
// of them come back: the overlay's too, and with a token all of them, the roots' slots included
// (R21, R51, R52). Method: people of the extract and of changes are erased to the end; then every
// combination of old contents is put under the names in force, the register is opened, and the
// erased are asked for, and a guess of a change that told of them is tried. Positive control: where
// the root lies in a file, the copy that no backup may have (slots and all) does open.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "protocol/extract/change.hpp"
#include "relay/keys/token_key.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;

// Of the extract, of the extract with a record in the overlay, new with a change (key and record).
constexpr std::array<std::uint64_t, 4> kErased{31, 21, 1001, 1002};
constexpr std::uint64_t kStays = 11;

// What each file is for, whatever its name: CURRENT, slots, keys, base, index, seal, and the
// overlay's log and keys.
using Roles = std::map<std::string, std::string>;  // role -> path

std::string role_of(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return dot == std::string::npos || name == "root.slots"
             ? name
             : name.substr(0, name.find('-')) + name.substr(dot);
}

struct KeptCopies {
  explicit KeptCopies(OuterKey* held_by) : world(held_by), reg(world.open().value()) {
    EXPECT_TRUE(world.import(*reg, sample::extract(sample::content(6))).has_value());
    auto moved = sample::household(2, 2);
    moved.household.address = sample::text("土佐みなと市新町二丁目見本");
    const auto fresh = sample::household(100, 2);
    send({.households = {{moved.household, 1, moved.members, {1, 2}},
                         {fresh.household, 2, fresh.members, {3, 4}}}});
    for (const auto& [role, path] : roles()) old[role] = world.files.content(path);
    before = roles();
    send({.deleted = {person_id(31), person_id(21), person_id(22), person_id(1001),
                      person_id(1002)}});
    EXPECT_TRUE(reg->destroy_keys({21, 22, 31, 1001, 1002}).has_value());
    EXPECT_TRUE(reg->drop_residue().has_value());
    EXPECT_TRUE(reg->residue_gone());
    reg.reset();
    for (const auto& path : world.stored_files()) now[path] = world.files.content(path);
    in_force = roles();
  }
  void send(const RegisterChange& change) {
    world.clock.pass(std::chrono::milliseconds(1));
    const auto body = encode(change).value();
    if (first_body.empty()) first_body = body;
    const auto outcome = reg->change({1, ++sequence, world.clock.utc_now()}, body);
    ASSERT_TRUE(outcome.has_value());
    ASSERT_TRUE(outcome.value().acknowledgement.quarantined.empty());
  }
  Roles roles() {
    Roles out;
    for (const auto& path : world.stored_files()) {
      EXPECT_TRUE(out.emplace(role_of(path), path).second) << path;
    }
    return out;
  }
  // The folder with each file under the names of before and of today: of `names` with the content
  // of before, of the others with today's.
  void put_back(const std::vector<std::string>& names) {
    for (const auto& path : world.stored_files()) {
      const bool came = !now.contains(path);
      ASSERT_TRUE(!came || world.files.remove(path).has_value());
    }
    for (const auto& [role, path] : in_force) {
      const bool is_old = std::ranges::find(names, role) != names.end();
      const auto& bytes = is_old ? old.at(role) : now.at(path);
      write(path, bytes);
      write(before.at(role), bytes);
    }
  }
  void write(const std::string& path, const Bytes& bytes) {
    ASSERT_TRUE(world.files.write_durably(path, bytes).has_value());
  }
  // Whom of kErased and kStays the register knows once it is opened; none: it does not open.
  std::vector<std::uint64_t> known() {
    std::vector<std::uint64_t> out;
    const auto opened = world.open();
    if (!opened) return out;
    const auto snapshot = opened.value()->snapshot();
    if (!snapshot) return out;
    std::vector<std::uint64_t> asked(kErased.begin(), kErased.end());
    asked.push_back(kStays);
    for (const auto person : asked) {
      const bool record = snapshot.value()->household_of(person_id(person)).has_value();
      const bool key = snapshot.value()->pseudonym(person_id(person)).has_value();
      if (record || key) out.push_back(person);
    }
    guesses += guess(*opened.value());
    return out;
  }

  // Whether somebody who guesses the first change's body is told that it is right: 1 or 0.
  std::size_t guess(SealedRegister& opened) {
    world.clock.pass(std::chrono::milliseconds(1));
    return opened.change({1, 1, world.clock.utc_now()}, first_body).has_value() ? 1 : 0;
  }

  RegisterWorld world;
  std::unique_ptr<SealedRegister> reg;
  std::uint64_t sequence = 0;
  Bytes first_body;                  // of the change that told of whom was erased then
  std::size_t guesses = 0;           // that were confirmed
  std::map<std::string, Bytes> old;  // role -> content, of before
  std::map<std::string, Bytes> now;  // path -> content, of after
  Roles before;
  Roles in_force;
};

// Tries every combination of `names`; how many opened, the one without any old file included.
std::size_t try_all(KeptCopies& copies, const std::vector<std::string>& names) {
  std::size_t opened = 0;
  for (std::size_t chosen = 0; chosen < (std::size_t{1} << names.size()); ++chosen) {
    std::vector<std::string> back;
    std::string said;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      back.push_back(names[i]);
      said += names[i] + " ";
    }
    copies.put_back(back);
    const auto known = copies.known();
    if (known.empty()) continue;
    ++opened;
    if (!back.empty()) std::printf("opens, and knows none of the erased: %s\n", said.c_str());
    EXPECT_EQ(known, std::vector<std::uint64_t>{kStays}) << said;
  }
  // Nothing that came back has hurt what is in force, the token's key of today included.
  copies.put_back({});
  EXPECT_EQ(copies.known(), std::vector<std::uint64_t>{kStays});
  EXPECT_EQ(copies.guesses, 0U);
  return opened;
}

std::vector<std::string> roles_without(const KeptCopies& copies, std::string_view left_out) {
  std::vector<std::string> out;
  for (const auto& [role, path] : copies.in_force) {
    if (role != left_out) out.push_back(role);
  }
  return out;
}

TEST(OldCopies, OfEveryFileButTheSlotsOpenNothingOfTheErased) {
  KeptCopies copies(nullptr);
  const auto names = roles_without(copies, "root.slots");
  ASSERT_EQ(names.size(), 7U);
  ASSERT_TRUE(copies.old.contains("over.log"));
  ASSERT_TRUE(copies.old.contains("over.keys"));
  EXPECT_EQ(try_all(copies, names), 1U);  // what is in force alone opens
}

// The overlay's old log and keys alone, each also beside everything of today.
TEST(OldCopies, OfTheOverlayDoNotBringAnErasedPersonBack) {
  KeptCopies copies(nullptr);
  for (const auto& back : std::vector<std::vector<std::string>>{
           {"over.log"}, {"over.keys"}, {"over.log", "over.keys"}}) {
    copies.put_back(back);
    EXPECT_TRUE(copies.known().empty()) << back.front();
  }
  copies.put_back({});
  EXPECT_EQ(copies.known(), std::vector<std::uint64_t>{kStays});
}

// The control of the method: with the slots that no copy may hold, everybody is there again.
TEST(OldCopies, WithTheSlotsOfAFileEverythingWouldOpen) {
  KeptCopies copies(nullptr);
  copies.put_back(roles_without(copies, ""));
  EXPECT_EQ(copies.known(), (std::vector<std::uint64_t>{31, 21, 1001, 1002, kStays}));
  EXPECT_EQ(copies.guesses, 1U);
}

TEST(OldCopies, OfEveryFileOpenNothingWhereATokenHeldTheRoot) {
  const testing::TempFolder folder;
  std::filesystem::create_directory(folder / "tokens");
  std::ofstream(folder / "softhsm2.conf")
      << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\n";
  ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
  const int made = std::system(  // NOLINT(concurrency-mt-unsafe): one thread
      "softhsm2-util --init-token --free --label mihon --so-pin 1234 --pin 5678 > /dev/null");
  ASSERT_EQ(made, 0);
  const auto opened_token = TokenOuterKey::open(
      {.module = "/usr/lib/softhsm/libsofthsm2.so", .token = "mihon", .pin = "5678"});
  ASSERT_TRUE(opened_token.has_value());
  KeptCopies copies(opened_token.value().get());
  const auto names = roles_without(copies, "");
  ASSERT_EQ(names.size(), 8U);
  EXPECT_EQ(try_all(copies, names), 1U);
}

}  // namespace
}  // namespace certrelay
