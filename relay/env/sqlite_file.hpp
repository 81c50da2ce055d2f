// Internal to relay/env: one open file as SQLite sees it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "relay/env/files.hpp"

namespace certrelay {

// Lives in the memory that SQLite provides for a sqlite3_file; ended by xClose.
struct SqliteFile : sqlite3_file {
  std::unique_ptr<File> file;
  Files* files = nullptr;
  std::string folder;  // to be synced with the first sync of a file made by us
  bool folder_is_due = false;
  bool locked = false;
  bool failed = false;  // a sync failed: see SqliteVfs
};

const sqlite3_io_methods& sqlite_io_methods();

}  // namespace certrelay
