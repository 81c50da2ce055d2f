#include "relay/env/sqlite_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>

#include "protocol/base/check.hpp"
#include "relay/env/sqlite_file.hpp"

namespace certrelay {
namespace {

constexpr int kPathBytesMax = 1024;

}  // namespace

struct SqliteVfs::Impl {
  Files& files;
  Entropy& entropy;
  std::string name;
  sqlite3_vfs table{};

  static Impl& of(sqlite3_vfs* vfs) { return *static_cast<Impl*>(vfs->pAppData); }

  // Opens for reading and writing; tells whether the file is new.
  Result<std::unique_ptr<File>> open_writable(const std::string& path, bool may_create,
                                              bool& created) {
    auto existing = files.open(path, OpenMode::kReadWrite);
    if (existing || !may_create || existing.error().code != ErrorCode::kNotFound) return existing;
    created = true;
    return files.open(path, OpenMode::kCreateNew);
  }

  Result<std::unique_ptr<File>> open_as(const std::string& path, int flags, bool& created) {
    if ((flags & SQLITE_OPEN_READWRITE) != 0) {
      return open_writable(path, (flags & SQLITE_OPEN_CREATE) != 0, created);
    }
    auto file = files.open(path, OpenMode::kRead);
    const bool absent = !file && file.error().code == ErrorCode::kNotFound;
    if (absent && (flags & SQLITE_OPEN_WAL) != 0) return std::make_unique<EmptyFile>();
    return file;
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* raw, int flags,
                  int* out_flags) {
    raw->pMethods = nullptr;  // or SQLite would close what was never opened
    if (path == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) return SQLITE_IOERR;
    auto& me = of(vfs);
    const bool read_only_log =
        (flags & SQLITE_OPEN_WAL) != 0 && sqlite3_uri_boolean(path, kReadOnlyLog, 0) != 0;
    if (read_only_log) flags = SQLITE_OPEN_WAL | SQLITE_OPEN_READONLY;
    bool created = false;
    auto file = me.open_as(path, flags, created);
    if (!file) {
      if (file.error().code == ErrorCode::kNotFound) return SQLITE_CANTOPEN;
      return file.error().code == ErrorCode::kDiskFull ? SQLITE_FULL : SQLITE_IOERR;
    }
    auto* out = std::construct_at(static_cast<SqliteFile*>(raw));
    out->pMethods = &sqlite_io_methods();
    out->file = std::move(file).value();
    out->files = &me.files;
    out->folder = folder_of(path);
    out->folder_is_due = created;
    out->gathers = (flags & SQLITE_OPEN_WAL) != 0;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    auto& me = of(vfs);
    const auto removed = me.files.remove(path);
    if (!removed) {
      return removed.error().code == ErrorCode::kNotFound ? SQLITE_IOERR_DELETE_NOENT
                                                          : SQLITE_IOERR_DELETE;
    }
    if (sync_folder != 0 && !me.files.sync_folder(folder_of(path))) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* path, int /*flags*/, int* out) {
    const auto info = of(vfs).files.info(path);
    if (!info && info.error().code != ErrorCode::kNotFound) return SQLITE_IOERR_ACCESS;
    // As SQLite's own: an empty journal or WAL counts as absent.
    *out = info && info.value().size > 0 ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs* /*vfs*/, const char* path, int size, char* out) {
    const auto length = std::strlen(path);
    if (length + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, path, length + 1);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    of(vfs).entropy.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  }

  static int sleep(sqlite3_vfs* /*vfs*/, int /*microseconds*/) { return 0; }

  // No statement of ours asks SQLite for the time.
  static int current_time(sqlite3_vfs* /*vfs*/, double* /*julian_day*/) { return SQLITE_ERROR; }
};

SqliteVfs::SqliteVfs(Files& files, Entropy& entropy)
    : impl_(std::make_unique<Impl>(Impl{files, entropy, {}, {}})) {
  static std::atomic<unsigned> count{0};
  impl_->name = "certrelay-" + std::to_string(count.fetch_add(1));
  auto& table = impl_->table;
  table.iVersion = 1;
  table.szOsFile = sizeof(SqliteFile);
  table.mxPathname = kPathBytesMax;
  table.zName = impl_->name.c_str();
  table.pAppData = impl_.get();
  table.xOpen = Impl::open;
  table.xDelete = Impl::remove;
  table.xAccess = Impl::access;
  table.xFullPathname = Impl::full_path;
  table.xRandomness = Impl::randomness;
  table.xSleep = Impl::sleep;
  table.xCurrentTime = Impl::current_time;
  CERTRELAY_CHECK(sqlite3_vfs_register(&table, 0) == SQLITE_OK);
}

SqliteVfs::~SqliteVfs() { sqlite3_vfs_unregister(&impl_->table); }

const std::string& SqliteVfs::name() const { return impl_->name; }

}  // namespace certrelay
