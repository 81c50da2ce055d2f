#include "relay/env/sqlite.hpp"

#include <sqlite3.h>

#include "protocol/base/check.hpp"
#include "relay/env/sqlite_file.hpp"

namespace certrelay {
namespace {

Error sqlite_error(int code, std::string_view where) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {ErrorCode::kDiskFull, where};
    case SQLITE_IOERR:
    case SQLITE_READONLY:
      return {ErrorCode::kIoError, where};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kLocked, where};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kStoreCorrupt, where};
    case SQLITE_CANTOPEN:
      return {ErrorCode::kNotFound, where};
    default:
      return {ErrorCode::kStoreFailed, where};
  }
}

int flags_of(Database::Access access) {
  constexpr int kCommon = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Database::Access::kCreate:
      return kCommon | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Access::kReadWrite:
      return kCommon | SQLITE_OPEN_READWRITE;
    case Database::Access::kReadOnly:
      break;
  }
  return kCommon | SQLITE_OPEN_READONLY;
}

// A URI (https://www.sqlite.org/uri.html), so that no character of a path acts as an option.
std::string uri_of(const std::string& path, Database::Access access) {
  std::string out = "file:";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      out += '%' + to_hex(ByteView(reinterpret_cast<const std::uint8_t*>(&c), 1));
    } else {
      out += c;
    }
  }
  if (access == Database::Access::kReadOnly) out += std::string("?") + kReadOnlyLog + "=1";
  return out;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int parameter, std::int64_t value) {
  CERTRELAY_CHECK(sqlite3_bind_int64(statement_.get(), parameter, value) == SQLITE_OK);
}

void Statement::bind(int parameter, ByteView value) {
  // A null pointer would bind NULL instead of an empty blob.
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  CERTRELAY_CHECK(sqlite3_bind_blob64(statement_.get(), parameter, data, value.size(),
                                      SQLITE_STATIC) == SQLITE_OK);
}

void Statement::bind_text(int parameter, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  CERTRELAY_CHECK(sqlite3_bind_text64(statement_.get(), parameter, data, value.size(),
                                      SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind_null(int parameter) {
  CERTRELAY_CHECK(sqlite3_bind_null(statement_.get(), parameter) == SQLITE_OK);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return sqlite_error(code, "sqlite: statement");
}

Result<void> Statement::run() {
  auto row = step();
  reset();
  if (!row) return row.error();
  CERTRELAY_CHECK(!row.value());
  return ok();
}

void Statement::reset() {
  // Repeats the error of the last step, which has been reported.
  static_cast<void>(sqlite3_reset(statement_.get()));
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

ByteView Statement::blob(int column) const {
  const auto* data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? ByteView{} : ByteView(data, static_cast<std::size_t>(size));
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const {
  // Statements die first (their contract), so this cannot fail.
  CERTRELAY_CHECK(sqlite3_close(database) == SQLITE_OK);
}

Result<Database> Database::open(const SqliteVfs& vfs, const std::string& path, Access access) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(uri_of(path, access).c_str(), &raw, flags_of(access), vfs.name().c_str());
  Database out(raw);
  if (code != SQLITE_OK) return sqlite_error(code, "sqlite: open");
  // Closing what turns out to be damaged must not move its log into it.
  out.keep_log_on_close(true);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  CERTRELAY_TRY(
      out.execute("PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA locking_mode=EXCLUSIVE;"));
  // Reads the file's head: what is not a database, or locked, shows now and not later.
  CERTRELAY_TRY(out.execute("PRAGMA schema_version;"));
  out.keep_log_on_close(false);
  return out;
}

void Database::keep_log_on_close(bool keep) {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(code, "sqlite: execute");
  return ok();
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement out(raw);
  if (code != SQLITE_OK) return sqlite_error(code, "sqlite: prepare");
  return out;
}

bool Database::in_autocommit() const { return sqlite3_get_autocommit(database_.get()) != 0; }

}  // namespace certrelay
