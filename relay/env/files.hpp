// The file system as this product needs it; the only place that opens anything.
//
// Production: PosixFiles. Tests: ForgetfulFiles (tests/support), which drops what was not synced
// and fails the N-th call. SQLite runs on it too (sqlite_vfs.hpp), so that one fault model covers
// all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

enum class OpenMode : std::uint8_t {
  kRead,       // must exist
  kReadWrite,  // must exist
  kCreate,     // read and write, made if absent
  kCreateNew,  // read and write, kAlreadyExists if present
};

struct FileInfo {
  enum class Kind : std::uint8_t { kRegular, kFolder, kSocket, kOther };
  Kind kind = Kind::kOther;
  std::uint32_t owner = 0;  // uid
  std::uint32_t mode = 0;   // permission bits, 07777
  std::uint64_t size = 0;   // bytes
};

// Whether bytes that are written over are gone: what an erasure without a token rests on.
enum class Overwriting : std::uint8_t {
  kInPlace,    // ext2, ext3, ext4 (not data=journal), XFS
  kKeepsOld,   // copy-on-write, log-structured, overlay, network: the old blocks may live on
  kJournaled,  // ext4 with data=journal: file contents pass through the journal
};

// An open file. Closed by the destructor. One thread at a time.
// Errors of every call: kIoError, kDiskFull.
class File {
 public:
  virtual ~File() = default;
  // Reads up to out.size() bytes; fewer only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
  virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual Result<std::uint64_t> size() = 0;
  // Durable when it returns ok. After an error nothing may be assumed about what was written.
  virtual Result<void> sync() = 0;
  // An exclusive advisory lock for the life of this object; kLocked when somebody holds it.
  virtual Result<void> lock() = 0;
};

// Paths are absolute or relative to the working directory, UTF-8. New files have mode 0600, new
// folders 0700. Thread-safe. Errors: kNotFound, kAlreadyExists, kIoError, kDiskFull.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  // Replaces `to` atomically; durable only after sync_folder of the parent.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> make_folder(const std::string& path) = 0;
  virtual Result<void> sync_folder(const std::string& path) = 0;
  virtual Result<FileInfo> info(const std::string& path) = 0;
  // Names in the folder, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;

  // Of the file system that holds `path`. What is not known to write in place keeps.
  virtual Result<Overwriting> overwriting(const std::string& path) = 0;

  // Whole file, at most `bytes_max` (kLimitExceeded).
  Result<Bytes> read_all(const std::string& path, std::size_t bytes_max);
  // Writes `path`.new, syncs it, renames it over `path` and syncs the folder: old or new, whole.
  Result<void> write_durably(const std::string& path, ByteView bytes);
  // Zeroes the file in place, syncs and reads back, then removes it; sync_folder is the caller's.
  // Ok when there is none. Errors: kStoreCorrupt (read back).
  Result<void> overwrite_and_remove(const std::string& path);
};

// The folder that holds `path`: "." for a bare name.
std::string folder_of(const std::string& path);

}  // namespace certrelay
