// The fault model must be as bad as a disk, or the tests that stand on it prove nothing.
#include "tests/support/forgetful_files.hpp"

#include <gtest/gtest.h>

#include "relay/env/sqlite.hpp"
#include "tests/support/seeded_entropy.hpp"

namespace certrelay {
namespace {

using testing::Call;
using testing::ForgetfulFiles;

std::string text_of(ForgetfulFiles& files, const std::string& path) {
  return std::string(as_text(files.read_all(path, 1000).value()));
}

TEST(ForgetfulFilesTest, APowerCutDropsWhatWasNotSynced) {
  ForgetfulFiles files;
  ASSERT_TRUE(files.write_durably("a", as_bytes("old")));
  auto file = files.open("a", OpenMode::kReadWrite).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("new")));
  EXPECT_EQ(text_of(files, "a"), "new");
  files.power_cut();
  EXPECT_EQ(text_of(files, "a"), "old");
  EXPECT_FALSE(file->write_at(0, as_bytes("x")).has_value());  // the process is gone
}

TEST(ForgetfulFilesTest, ANameIsDurableAfterItsFolderWasSynced) {
  ForgetfulFiles files;
  auto file = files.open("a", OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("x")));
  ASSERT_TRUE(file->sync());
  files.power_cut();
  EXPECT_EQ(files.info("a").error().code, ErrorCode::kNotFound);
}

TEST(ForgetfulFilesTest, BytesOfAFailedSyncAreLostThoughALaterSyncSucceeds) {
  ForgetfulFiles files;
  ASSERT_TRUE(files.write_durably("a", as_bytes("old")));
  auto file = files.open("a", OpenMode::kReadWrite).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("new")));
  files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  EXPECT_FALSE(file->sync().has_value());
  EXPECT_TRUE(file->sync().has_value());
  files.power_cut();
  EXPECT_EQ(text_of(files, "a"), "old");
}

TEST(ForgetfulFilesTest, ASeededCutKeepsAnySetOfSectors) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    ForgetfulFiles files;
    ASSERT_TRUE(files.write_durably("a", Bytes(1024, 'o')));
    auto file = files.open("a", OpenMode::kReadWrite).value();
    ASSERT_TRUE(file->write_at(0, Bytes(1024, 'n')));
    files.power_cut(seed);
    const auto after = files.content("a");
    seen.insert({static_cast<char>(after.front()), static_cast<char>(after.back())});
  }
  EXPECT_EQ(seen, (std::set<std::string>{"oo", "on", "no", "nn"}));
}

TEST(ForgetfulFilesTest, ARenameIsOldOrNewAndWhole) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    ForgetfulFiles files;
    ASSERT_TRUE(files.write_durably("a", as_bytes("old")));
    files.die_at(5);  // create, write, sync, rename done; the folder's sync is the fifth
    static_cast<void>(files.write_durably("a", as_bytes("new")).has_value());
    files.power_cut(seed);
    const auto text = text_of(files, "a");
    EXPECT_TRUE(text == "old" || text == "new") << text;
  }
}

TEST(ForgetfulFilesTest, TheNthCallFailsOnce) {
  ForgetfulFiles files;
  auto file = files.open("a", OpenMode::kCreate).value();
  files.fail_nth(Call::kWrite, 2, ErrorCode::kDiskFull);
  EXPECT_TRUE(file->write_at(0, as_bytes("1")).has_value());
  EXPECT_EQ(file->write_at(1, as_bytes("2")).error().code, ErrorCode::kDiskFull);
  EXPECT_TRUE(file->write_at(1, as_bytes("2")).has_value());
}

TEST(ForgetfulFilesTest, SqliteKeepsWhatItCommittedThroughAPowerCut) {
  ForgetfulFiles files;
  testing::SeededEntropy entropy(1);
  const SqliteVfs vfs(files, entropy);
  {
    auto database = Database::open(vfs, "db", Database::Access::kCreate).value();
    ASSERT_TRUE(
        database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                         "CREATE TABLE t(n); INSERT INTO t VALUES(1);"));
    files.power_cut();
  }
  auto database = Database::open(vfs, "db", Database::Access::kReadWrite).value();
  auto count = database.prepare("SELECT count(*) FROM t").value();
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 1);
}

// After a failed sync nothing more is written: a second sync would prove nothing.
TEST(ForgetfulFilesTest, SqliteWritesNothingMoreAfterAFailedSync) {
  ForgetfulFiles files;
  testing::SeededEntropy entropy(1);
  const SqliteVfs vfs(files, entropy);
  auto database = Database::open(vfs, "db", Database::Access::kCreate).value();
  ASSERT_TRUE(
      database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "CREATE TABLE t(n);"));
  files.fail_nth(Call::kSync, 1, ErrorCode::kIoError);
  EXPECT_EQ(database.execute("INSERT INTO t VALUES(1)").error().code, ErrorCode::kIoError);
  EXPECT_FALSE(database.execute("INSERT INTO t VALUES(2)").has_value());
}

}  // namespace
}  // namespace certrelay
