// Internal to relay/env: one open file as SQLite sees it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "relay/env/files.hpp"

namespace certrelay {

// What one file gathers at most before it writes (docs/decisions/0105).
inline constexpr std::size_t kGatheredMax = std::size_t{256} * 1024;

// Lives in the memory that SQLite provides for a sqlite3_file; ended by xClose.
struct SqliteFile : sqlite3_file {
  std::unique_ptr<File> file;
  Files* files = nullptr;
  std::string folder;  // to be synced with the first sync of a file made by us
  bool folder_is_due = false;
  bool locked = false;
  bool failed = false;  // a sync failed: see SqliteVfs
  // A write-ahead log grows by a head and a page at a time; what adjoins is gathered here and
  // written by one call, before it is read, synced, measured or cut.
  bool gathers = false;
  std::uint64_t gathered_at = 0;
  Bytes gathered{};
};

// The URI parameter of a database whose write-ahead log is read and never written or removed.
inline constexpr const char* kReadOnlyLog = "certrelay_read_only_log";

// A file without a byte: stands for the log that a cleanly closed database does not have.
class EmptyFile final : public File {
 public:
  Result<std::size_t> read_at(std::uint64_t /*offset*/, std::span<std::uint8_t> /*out*/) override {
    return std::size_t{0};
  }
  Result<void> write_at(std::uint64_t /*offset*/, ByteView /*bytes*/) override { return refused(); }
  Result<void> truncate(std::uint64_t /*size*/) override { return refused(); }
  Result<std::uint64_t> size() override { return std::uint64_t{0}; }
  Result<void> sync() override { return refused(); }
  Result<void> lock() override { return refused(); }

 private:
  static Result<void> refused() { return Error{ErrorCode::kIoError, "files: read only"}; }
};

const sqlite3_io_methods& sqlite_io_methods();

}  // namespace certrelay
