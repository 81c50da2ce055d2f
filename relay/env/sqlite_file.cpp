#include "relay/env/sqlite_file.hpp"

#include <algorithm>
#include <memory>

namespace certrelay {
namespace {

constexpr int kSectorBytes = 4096;

SqliteFile& self(sqlite3_file* file) { return *static_cast<SqliteFile*>(file); }

int code_of(const Result<void>& written) {
  if (written) return SQLITE_OK;
  return written.error().code == ErrorCode::kDiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

// After an error what was gathered is gone: SQLite rolls its transaction back, as after a write
// that failed at once.
int write_gathered(SqliteFile& me) {
  if (me.gathered.empty()) return SQLITE_OK;
  const auto written = me.file->write_at(me.gathered_at, me.gathered);
  me.gathered.clear();
  return code_of(written);
}

// Nothing waits here but after a transaction that was never synced. After a failed sync nothing is
// written any more, and the close says that what the file holds is not known.
int close(sqlite3_file* file) {
  auto& me = self(file);
  const int code = me.failed ? SQLITE_IOERR_CLOSE : write_gathered(me);
  std::destroy_at(&me);
  return code;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const std::span buffer(static_cast<std::uint8_t*>(out), static_cast<std::size_t>(size));
  if (write_gathered(self(file)) != SQLITE_OK) return SQLITE_IOERR_READ;
  const auto got = self(file).file->read_at(static_cast<std::uint64_t>(offset), buffer);
  if (!got) return SQLITE_IOERR_READ;
  if (got.value() == buffer.size()) return SQLITE_OK;
  // SQLite demands zeros past the end of the file.
  std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(got.value()), buffer.end(), 0);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  auto& me = self(file);
  if (me.failed) return SQLITE_IOERR_WRITE;
  const ByteView view(static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size));
  const auto at = static_cast<std::uint64_t>(offset);
  if (!me.gathers) return code_of(me.file->write_at(at, view));
  const bool adjoins = at == me.gathered_at + me.gathered.size();
  if (!adjoins || me.gathered.size() + view.size() > kGatheredMax) {
    if (const int code = write_gathered(me); code != SQLITE_OK) return code;
  }
  if (me.gathered.empty()) me.gathered_at = at;
  me.gathered.insert(me.gathered.end(), view.begin(), view.end());
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& me = self(file);
  if (me.failed || write_gathered(me) != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
  return me.file->truncate(static_cast<std::uint64_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync(sqlite3_file* file, int /*flags*/) {
  auto& me = self(file);
  if (me.failed) return SQLITE_IOERR_FSYNC;
  if (const int code = write_gathered(me); code != SQLITE_OK) return code;
  bool done = me.file->sync().has_value();
  if (done && me.folder_is_due) {
    done = me.files->sync_folder(me.folder).has_value();
    me.folder_is_due = !done;
  }
  me.failed = !done;
  return done ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (write_gathered(self(file)) != SQLITE_OK) return SQLITE_IOERR_FSTAT;
  const auto found = self(file).file->size();
  if (!found) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(found.value());
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int /*level*/) {
  auto& me = self(file);
  if (me.locked) return SQLITE_OK;
  const auto done = me.file->lock();
  if (!done) return done.error().code == ErrorCode::kLocked ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
  me.locked = true;
  return SQLITE_OK;
}

int unlock(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }

int check_reserved_lock(sqlite3_file* /*file*/, int* held) {
  *held = 0;  // nobody else can: the one lock is exclusive
  return SQLITE_OK;
}

int file_control(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* /*file*/) { return kSectorBytes; }

// A power cut during a write leaves bytes outside the written range alone.
int characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

}  // namespace

const sqlite3_io_methods& sqlite_io_methods() {
  // Version 1: neither shared memory nor memory mapping.
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods table{};
    table.iVersion = 1;
    table.xClose = close;
    table.xRead = read;
    table.xWrite = write;
    table.xTruncate = truncate;
    table.xSync = sync;
    table.xFileSize = file_size;
    table.xLock = lock;
    table.xUnlock = unlock;
    table.xCheckReservedLock = check_reserved_lock;
    table.xFileControl = file_control;
    table.xSectorSize = sector_size;
    table.xDeviceCharacteristics = characteristics;
    return table;
  }();
  return methods;
}

}  // namespace certrelay
