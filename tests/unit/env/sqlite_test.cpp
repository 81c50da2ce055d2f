#include "relay/env/sqlite.hpp"

#include <gtest/gtest.h>

#include <array>

#include "relay/env/posix_files.hpp"
#include "relay/env/sqlite_file.hpp"
#include "relay/env/system_entropy.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  Result<Database> open(Database::Access access) { return Database::open(vfs_, path_, access); }
  void fill() {
    auto database = open(Database::Access::kCreate).value();
    ASSERT_TRUE(database.execute("CREATE TABLE t(n INTEGER PRIMARY KEY, b BLOB, s TEXT)"));
    auto insert = database.prepare("INSERT INTO t VALUES(?1, ?2, ?3)").value();
    const Bytes blob{1, 2, 3};
    insert.bind(1, 7);
    insert.bind(2, blob);
    insert.bind_text(3, "見本");
    ASSERT_TRUE(insert.run());
  }
  testing::TempFolder folder_;
  PosixFiles files_;
  SystemEntropy entropy_;
  SqliteVfs vfs_{files_, entropy_};
  std::string path_ = folder_ / "a#b?c%41.db";  // characters that a URI would take as its own
};

TEST_F(SqliteTest, ReadsWhatItWroteUnderTheVeryNameGiven) {
  fill();
  EXPECT_TRUE(files_.info(path_).has_value());
  auto database = open(Database::Access::kReadOnly).value();
  auto select = database.prepare("SELECT n, b, s FROM t").value();
  ASSERT_TRUE(select.step().value());
  EXPECT_EQ(select.integer(0), 7);
  EXPECT_EQ(to_hex(select.blob(1)), "010203");
  EXPECT_EQ(select.text(2), "見本");
  EXPECT_FALSE(select.step().value());
}

TEST_F(SqliteTest, WhoOnlyReadsWritesNothing) {
  fill();
  auto database = open(Database::Access::kReadOnly).value();
  EXPECT_TRUE(database.execute("SELECT count(*) FROM t").has_value());
  EXPECT_FALSE(database.execute("DELETE FROM t").has_value());
}

TEST_F(SqliteTest, ASecondWriterIsRefused) {
  fill();
  auto first = open(Database::Access::kReadWrite).value();
  EXPECT_EQ(open(Database::Access::kReadWrite).error().code, ErrorCode::kLocked);
}

TEST_F(SqliteTest, WalWorksWithoutSharedMemory) {
  fill();
  {
    auto database = open(Database::Access::kReadWrite).value();
    ASSERT_TRUE(database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
    auto mode = database.prepare("PRAGMA journal_mode").value();
    ASSERT_TRUE(mode.step().value());
    EXPECT_EQ(mode.text(0), "wal");
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES(8, x'00', '')"));
    EXPECT_TRUE(files_.info(path_ + "-wal").has_value());
    EXPECT_FALSE(files_.info(path_ + "-shm").has_value());
  }
  auto database = open(Database::Access::kReadOnly).value();
  auto count = database.prepare("SELECT count(*) FROM t").value();
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 2);
}

// A ledger's table in a log that is synced at each commit, on a disk that counts.
struct LoggedTable {
  LoggedTable() {
    database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL").value();
    database.execute("CREATE TABLE t(n INTEGER PRIMARY KEY, s TEXT); CREATE INDEX i ON t(s)")
        .value();
  }
  Result<void> insert() {
    return database.execute("INSERT INTO t(s) VALUES(hex(randomblob(900)))");
  }
  std::int64_t rows() {
    auto count = database.prepare("SELECT count(*) FROM t").value();
    return count.step().value() ? count.integer(0) : -1;
  }
  testing::ForgetfulFiles files;
  SystemEntropy entropy;
  SqliteVfs vfs{files, entropy};
  Database database = Database::open(vfs, "/t.db", Database::Access::kCreate).value();
};

TEST(SqliteLog, ACommitIsOneWriteAndOneSync) {
  LoggedTable table;
  const auto writes = table.files.calls(testing::Call::kWrite);
  const auto syncs = table.files.calls(testing::Call::kSync);
  ASSERT_TRUE(table.insert());
  EXPECT_EQ(table.files.calls(testing::Call::kWrite), writes + 1);
  EXPECT_EQ(table.files.calls(testing::Call::kSync), syncs + 1);
  table.files.power_cut();
  const auto again = Database::open(table.vfs, "/t.db", Database::Access::kReadWrite);
  ASSERT_TRUE(again);
}

TEST(SqliteLog, AFullDiskFailsTheCommitAndNothingOfItIsLeft) {
  LoggedTable table;
  ASSERT_TRUE(table.insert());
  table.files.limit_space(table.files.space_used());
  EXPECT_EQ(table.insert().error().code, ErrorCode::kDiskFull);
  EXPECT_EQ(table.rows(), 1);
  table.files.limit_space(std::nullopt);
  ASSERT_TRUE(table.insert());
  EXPECT_EQ(table.rows(), 2);
}

// One log as SQLite holds it, a page at a time.
struct OpenLog {
  static constexpr int kPage = 4096;
  OpenLog() {
    log->pMethods = &sqlite_io_methods();
    log->file = files.open("/log", OpenMode::kCreateNew).value();
    log->files = &files;
    log->folder = "/";
    log->gathers = true;
  }
  int write(std::size_t at, int size) {
    return log->pMethods->xWrite(log, bytes.data(), size, static_cast<sqlite3_int64>(at));
  }
  void fill(std::size_t until) {
    for (std::size_t at = 0; at < until; at += kPage) ASSERT_EQ(write(at, kPage), SQLITE_OK);
  }
  int sync() { return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL); }
  int close() { return log->pMethods->xClose(log); }
  std::uint64_t writes() const { return files.calls(testing::Call::kWrite); }
  testing::ForgetfulFiles files;
  Bytes bytes = Bytes(kPage, 7);
  // As in SQLite, xClose ends the object and leaves its memory.
  alignas(SqliteFile) std::array<std::byte, sizeof(SqliteFile)> memory{};
  SqliteFile* log = std::construct_at(reinterpret_cast<SqliteFile*>(memory.data()));
};

TEST(SqliteLog, GathersUpToItsLimitAndOneByteMoreIsWrittenFirst) {
  OpenLog at_limit;
  at_limit.fill(kGatheredMax);
  EXPECT_EQ(at_limit.writes(), 0U);
  ASSERT_EQ(at_limit.sync(), SQLITE_OK);
  EXPECT_EQ(at_limit.writes(), 1U);
  EXPECT_EQ(at_limit.close(), SQLITE_OK);
  OpenLog past;
  past.fill(kGatheredMax);
  ASSERT_EQ(past.write(kGatheredMax, 1), SQLITE_OK);
  EXPECT_EQ(past.writes(), 1U);
  ASSERT_EQ(past.sync(), SQLITE_OK);
  EXPECT_EQ(past.writes(), 2U);
  EXPECT_EQ(past.files.content("/log").size(), kGatheredMax + 1);
  EXPECT_EQ(past.close(), SQLITE_OK);
}

TEST(SqliteLog, WhatIsGatheredIsReadMeasuredAndCut) {
  OpenLog log;
  log.fill(2 * OpenLog::kPage);
  sqlite3_int64 size = 0;
  ASSERT_EQ(log.log->pMethods->xFileSize(log.log, &size), SQLITE_OK);
  EXPECT_EQ(size, 2 * OpenLog::kPage);
  ASSERT_EQ(log.write(2 * OpenLog::kPage, 1), SQLITE_OK);
  std::uint8_t last = 0;
  ASSERT_EQ(log.log->pMethods->xRead(log.log, &last, 1, 2 * OpenLog::kPage), SQLITE_OK);
  EXPECT_EQ(last, 7);
  ASSERT_EQ(log.write(0, 1), SQLITE_OK);  // elsewhere: the log begins anew
  ASSERT_EQ(log.write(1, 1), SQLITE_OK);
  ASSERT_EQ(log.log->pMethods->xTruncate(log.log, 2), SQLITE_OK);
  EXPECT_EQ(log.files.content("/log").size(), 2U);
  EXPECT_EQ(log.close(), SQLITE_OK);
}

TEST(SqliteLog, ACloseHidesNeitherAFailedWriteNorAFailedSync) {
  OpenLog unwritten;
  unwritten.fill(OpenLog::kPage);
  unwritten.files.fail_all(testing::Call::kWrite, ErrorCode::kIoError);
  EXPECT_NE(unwritten.close(), SQLITE_OK);
  OpenLog unsynced;
  unsynced.fill(OpenLog::kPage);
  unsynced.files.fail_all(testing::Call::kSync, ErrorCode::kIoError);
  ASSERT_NE(unsynced.sync(), SQLITE_OK);
  EXPECT_NE(unsynced.write(OpenLog::kPage, 1), SQLITE_OK);
  EXPECT_NE(unsynced.close(), SQLITE_OK);
}

TEST_F(SqliteTest, LargeSortsMakeNoTemporaryFile) {
  fill();
  auto database = open(Database::Access::kReadWrite).value();
  ASSERT_TRUE(database.execute(
      "WITH RECURSIVE c(i) AS (SELECT 100 UNION ALL SELECT i+1 FROM c WHERE i < 60000)"
      "INSERT INTO t SELECT i, randomblob(40), hex(randomblob(20)) FROM c;"
      "CREATE INDEX i ON t(s); SELECT count(*) FROM (SELECT DISTINCT b FROM t ORDER BY b);"));
  const auto names = files_.list(folder_.path()).value();
  for (const auto& name : names) {
    EXPECT_TRUE(name == "a#b?c%41.db" || name == "a#b?c%41.db-journal") << name;
  }
}

TEST_F(SqliteTest, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(open(Database::Access::kReadOnly).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(files_.write_durably(path_, as_bytes(std::string(8192, 'x'))));
  EXPECT_EQ(open(Database::Access::kReadWrite).error().code, ErrorCode::kStoreCorrupt);
}

TEST_F(SqliteTest, AnEmptyBlobIsNotNull) {
  fill();
  auto database = open(Database::Access::kReadWrite).value();
  auto insert = database.prepare("INSERT INTO t VALUES(9, ?1, ?2)").value();
  insert.bind(1, ByteView{});
  insert.bind_null(2);
  ASSERT_TRUE(insert.run());
  auto select = database.prepare("SELECT b, s FROM t WHERE n = 9").value();
  ASSERT_TRUE(select.step().value());
  EXPECT_FALSE(select.is_null(0));
  EXPECT_TRUE(select.is_null(1));
}

}  // namespace
}  // namespace certrelay
