// A thin owner of SQLite's connections and statements: errors are values, nothing throws.
#pragma once

#include <memory>
#include <string>

#include "relay/env/sqlite_vfs.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace certrelay {

// One prepared statement; must die before its Database. Columns and parameters count as SQLite
// counts them: columns from 0, parameters from 1. Bound views must live until the next reset().
class Statement {
 public:
  // Precondition: `parameter` exists (CHECK).
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, ByteView value);
  void bind_text(int parameter, std::string_view value);
  void bind_null(int parameter);

  // True: a row is there. Errors: kIoError, kDiskFull, kLocked, kStoreCorrupt, kStoreFailed.
  Result<bool> step();
  // One execution of a statement that returns no row, then reset().
  Result<void> run();
  // Ready for the next execution; forgets the bound values.
  void reset();

  // Of the current row; views live until the next step() or reset().
  std::int64_t integer(int column) const;
  ByteView blob(int column) const;
  std::string_view text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One connection, exclusive to this process (SqliteVfs). One thread at a time.
class Database {
 public:
  enum class Access : std::uint8_t {
    kCreate,     // read and write, made if absent
    kReadWrite,  // must exist
    kReadOnly,   // must exist; takes the lock, never writes the database
  };

  // Opens with temp_store=MEMORY, locking_mode=EXCLUSIVE, SQLite's defensive mode, no memory
  // mapping. Journal mode and synchronous are the caller's to set.
  // `vfs` must outlive it. Errors: kNotFound, kLocked, and Statement::step's.
  static Result<Database> open(const SqliteVfs& vfs, const std::string& path, Access access);

  // Runs one or several statements; rows are dropped. `sql` is a literal of ours.
  Result<void> execute(const char* sql);
  Result<Statement> prepare(const char* sql);
  // True outside BEGIN ... COMMIT.
  // Whether closing leaves the write-ahead log beside the file instead of moving it into it.
  void keep_log_on_close(bool keep);
  bool in_autocommit() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace certrelay
