// Goal: at a thousand random places a flip in an entry's stored bytes, a deleted, swapped or
// re-signed entry, a truncated file, an older copy: `ledger verify` and the independent verifier
// name the first bad entry, which the test knows where the damage has one; any other flip is
// reported or changes no entry (R41).
// Method: one ledger of 60 entries, its last checkpoint handed out; each place damages a copy of
// the file. verify_ledger judges the copy here, tests/support/verify_damaged.py all copies in one
// run. CERTRELAY_DAMAGES places instead, from CERTRELAY_DAMAGE_SEED.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "relay/ledger/verify.hpp"
#include "tests/support/command.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::LedgerWorld;
using testing::transaction;

constexpr std::uint64_t kEntries = 60;
constexpr std::uint64_t kOlderEntries = 40;

enum class Damage : std::uint8_t {
  kEntryFlip,
  kDeleted,
  kSwapped,
  kResigned,
  kTruncated,
  kOlderCopy,
  kAnyFlip
};
constexpr std::size_t kDamages = 7;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What a verifier says: the first bad entry, nothing bad, or that it cannot read the file at all.
struct Verdict {
  bool good = false;
  std::optional<std::uint64_t> first_bad;
};
// The first bad entry as the damage made it; none where the file's bytes alone decide.
using Truth = std::optional<std::uint64_t>;

class DamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.start();
    for (std::uint64_t n = 1; n <= kEntries; ++n) {
      auto entry = entry_of(n % 3 == 0 ? EntryKind::kEvent : EntryKind::kProvisionIntent);
      if (n % 4 != 0) entry.transaction = transaction(static_cast<std::uint8_t>(n));
      entry.document_sha256 = sha256(std::to_string(n));
      ASSERT_TRUE(world_.append(entry).has_value());
      if (n != kOlderEntries) continue;
      ASSERT_TRUE(world_.ledger->close().has_value());
      older_ = world_.files.content("ledger");
      ASSERT_TRUE(world_.open().has_value());
      ASSERT_TRUE(world_.ledger->accept_clock(UtcTime{}));
    }
    ASSERT_TRUE(world_.ledger->close().has_value());
    world_.ledger.reset();
    // The only one that left the machine.
    ASSERT_TRUE(world_.files.remove("checkpoints/checkpoint-00000000000000000040").has_value());
    whole_ = world_.files.content("ledger");
    rows_ = rows();
    ASSERT_EQ(rows_.size(), kEntries);
  }

  std::vector<StoredRow> rows() {
    auto store = LedgerStore::open_read_only(world_.vfs, "ledger").value();
    return store.rows_after(LedgerSequence(), kEntries + 1).value();
  }
  std::uint64_t chance(std::uint64_t below) { return random_() % below; }
  void flip(std::size_t first, std::size_t count) {
    auto bytes = whole_;
    const auto bit = chance(count * 8);
    auto& byte = bytes.at(first + bit / 8);
    byte = static_cast<std::uint8_t>(byte ^ (1U << (bit % 8)));
    world_.files.set_content("ledger", bytes);
  }
  void change(const std::string& sql) {
    auto database = Database::open(world_.vfs, "ledger", Database::Access::kReadWrite).value();
    ASSERT_TRUE(database.execute(sql.c_str()).has_value()) << sql;
  }
  Truth flip_in_entry() {
    const auto number = chance(kEntries);
    const auto& bytes = rows_[number].entry;
    const auto at = std::search(whole_.begin(), whole_.end(), bytes.begin(), bytes.end());
    EXPECT_NE(at, whole_.end());
    flip(static_cast<std::size_t>(at - whole_.begin()), bytes.size());
    return number + 1;
  }
  Truth remove_one() {
    const auto number = 1 + chance(kEntries);
    change("DELETE FROM entry WHERE sequence = " + std::to_string(number));
    return number;
  }
  Truth swap_two() {
    const auto one = 1 + chance(kEntries);
    const auto other = 1 + (one + chance(kEntries - 1)) % kEntries;
    const auto move = [](std::uint64_t from, std::uint64_t to) {
      return "UPDATE entry SET sequence = " + std::to_string(to) +
             " WHERE sequence = " + std::to_string(from) + ";";
    };
    change(move(one, 1000) + move(other, one) + move(1000, other));
    return std::min(one, other);
  }
  // An entry altered and its chain value made anew; half the time everything behind it too, tree
  // and end included: a ledger in itself right, which only the checkpoint betrays, at the entry
  // that it ends with. An entry alone agrees with its own new chain value; its successor does not.
  Truth sign_again() {
    const auto at = chance(kEntries);
    const bool whole = chance(2) == 0;
    auto state = empty_chain(testing::kLedgerOrigin);
    auto database = Database::open(world_.vfs, "ledger", Database::Access::kReadWrite).value();
    auto update =
        database.prepare("UPDATE entry SET bytes = ?2, chain = ?3 WHERE sequence = ?1").value();
    for (std::size_t n = 0; n < rows_.size(); ++n) {
      auto bytes = rows_[n].entry;
      if (n == at) bytes.back() ^= 1;  // in the document's digest
      if (n <= at || whole) {
        extend_chain(state, bytes);
        update.bind(1, static_cast<std::int64_t>(n + 1));
        update.bind(2, bytes);
        update.bind(3, state.chain);
        EXPECT_TRUE(update.run().has_value());
      }
    }
    if (!whole) return std::min(at + 2, kEntries);
    auto end = database.prepare("UPDATE state SET chain = ?1, tree = ?2").value();
    const auto tree = state.tree.encode();
    end.bind(1, state.chain);
    end.bind(2, tree);
    EXPECT_TRUE(end.run().has_value());
    return kEntries;
  }
  Truth damage(Damage how) {
    switch (how) {
      case Damage::kEntryFlip:
        return flip_in_entry();
      case Damage::kDeleted:
        return remove_one();
      case Damage::kSwapped:
        return swap_two();
      case Damage::kResigned:
        return sign_again();
      case Damage::kTruncated:
        world_.files.set_content("ledger", ByteView(whole_).first(chance(whole_.size())));
        return std::nullopt;
      case Damage::kOlderCopy:
        world_.files.set_content("ledger", older_);
        return kOlderEntries + 1;
      case Damage::kAnyFlip:
        flip(0, whole_.size());
        return std::nullopt;
    }
    return std::nullopt;
  }

  Verdict ours() {
    CheckpointFolder folder(world_.files, "checkpoints");
    const auto report =
        verify_ledger(world_.vfs, "ledger", folder, testing::checkpoint_key().verifier());
    if (!report) return {};
    if (!report.value().finding) return {.good = true, .first_bad = {}};
    return {.good = false, .first_bad = report.value().finding->at.value()};
  }
  // An entry behind whose damage nothing was reported must be the one that was written.
  void expect_unaltered() {
    const auto now = rows();
    ASSERT_EQ(now.size(), rows_.size());
    for (std::size_t n = 0; n < now.size(); ++n) EXPECT_EQ(now[n].entry, rows_[n].entry) << n;
  }
  void write(const std::string& path, ByteView bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  // By the copies' names.
  std::map<std::string, Verdict> strangers(const testing::TempFolder& folder) {
    const auto note = world_.files.content("checkpoints/checkpoint-00000000000000000060");
    write(folder / "checkpoint", note);
    const auto said = testing::run_command(
        std::string("/usr/bin/python3 " CERTRELAY_SOURCE_DIR "/tests/support/verify_damaged.py ") +
        folder.path() + " " + (folder / "checkpoint") + " '" +
        testing::checkpoint_key().verifier().text() + "'");
    EXPECT_EQ(said.status, 0) << said.text;
    std::map<std::string, Verdict> out;
    std::istringstream lines(said.text);
    const std::string bad = "first bad entry: ";
    for (std::string line; std::getline(lines, line);) {
      const auto space = line.find(' ');
      const auto rest = line.substr(space + 1);
      Verdict verdict{.good = rest.starts_with("ok: 60 entries"), .first_bad = {}};
      if (rest.starts_with(bad)) verdict.first_bad = std::stoull(rest.substr(bad.size()));
      out.emplace(line.substr(0, space), verdict);
    }
    return out;
  }

  LedgerWorld world_;
  Bytes whole_;
  Bytes older_;
  std::vector<StoredRow> rows_;
  std::mt19937_64 random_{setting("CERTRELAY_DAMAGE_SEED", 1)};
};

TEST_F(DamageTest, BothVerifiersNameTheSameFirstBadEntryOrNoEntryIsAltered) {
  const auto places = setting("CERTRELAY_DAMAGES", 1000);
  const testing::TempFolder folder;
  struct Found {
    Damage how;
    Truth truth;
    Verdict verdict;
  };
  std::map<std::string, Found> found;
  for (std::uint64_t n = 0; n < places; ++n) {
    SCOPED_TRACE(n);
    const auto how = static_cast<Damage>(n % kDamages);
    world_.files.set_content("ledger", whole_);
    const auto truth = damage(how);
    const auto name = std::to_string(n);
    const auto verdict = ours();
    if (verdict.good) expect_unaltered();
    found.emplace(name, Found{how, truth, verdict});
    write(folder / (name + ".db"), world_.files.content("ledger"));
  }
  const auto said = strangers(folder);
  ASSERT_EQ(said.size(), places);
  for (const auto& [name, entry] : found) {
    const auto& [how, truth, verdict] = entry;
    const auto& other = said.at(name);
    SCOPED_TRACE(name + ", damage " + std::to_string(static_cast<int>(how)));
    if (how == Damage::kAnyFlip) continue;  // its entries were compared above
    EXPECT_FALSE(verdict.good);
    EXPECT_FALSE(other.good);
    // A file that ends in its first pages is no database any more.
    EXPECT_TRUE(how == Damage::kTruncated || verdict.first_bad.has_value());
    EXPECT_TRUE(!verdict.first_bad || verdict.first_bad == other.first_bad)
        << verdict.first_bad.value_or(0) << " and " << other.first_bad.value_or(0);
    EXPECT_TRUE(!truth || truth == verdict.first_bad)
        << truth.value_or(0) << " and " << verdict.first_bad.value_or(0);
  }
}

}  // namespace
}  // namespace certrelay
