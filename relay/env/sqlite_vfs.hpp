// SQLite's file system interface over Files, so that one fault model covers databases too.
#pragma once

#include <memory>
#include <string>

#include "relay/env/entropy.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// Registers a file system under a name of its own for as long as it lives; it must outlive every
// database opened on it, and `files` and `entropy` must outlive it.
//
// What it does not have, on purpose: shared memory (WAL works with locking_mode=EXCLUSIVE only),
// memory mapping (an I/O error under mmap kills the process), temporary files (no plaintext in
// them; temp_store=MEMORY), extension loading, the time. Any lock is File::lock(), exclusive and
// kept until the file closes: one process, one connection. After a failed sync a file refuses
// every further write, for a later sync that succeeds proves nothing about the earlier bytes.
class SqliteVfs {
 public:
  SqliteVfs(Files& files, Entropy& entropy);
  ~SqliteVfs();
  SqliteVfs(const SqliteVfs&) = delete;
  SqliteVfs& operator=(const SqliteVfs&) = delete;

  const std::string& name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace certrelay
