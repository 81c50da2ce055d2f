// gen-M.base: the sealed records in the order in which they came, so that a household lies
// together, and after them who lies where. FORMAT.md.
#pragma once

#include <algorithm>

#include "relay/registry/read_window.hpp"
#include "relay/registry/sorted_rows.hpp"

namespace certrelay {

// Where a person's record lies, and in which slot of keys.bin the key.
struct BaseRow {
  std::uint64_t person = 0;  // its eleven digits
  std::uint64_t slot = 0;    // below 2^32
  std::uint64_t offset = 0;  // bytes from the beginning of the file
  std::size_t length = 0;    // bytes, at most kSealedRecordBytesMax
};

// A record sealed: over ten times what the longest rows of an extract give.
inline constexpr std::size_t kSealedRecordBytesMax = std::size_t{1024} * 1024;

class BaseWriter {
 public:
  // A new file. Errors: kAlreadyExists, the file system's.
  static Result<BaseWriter> create(Files& files, const std::string& path);

  // Each person once. Errors: kLimitExceeded, the file system's.
  Result<void> add(std::uint64_t person, std::uint64_t slot, ByteView sealed);
  // Everything durable; nothing can be added any more. Errors: the file system's.
  Result<void> finish();
  std::uint64_t size() const { return rows_.size(); }

 private:
  explicit BaseWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}
  Result<void> write_when(std::size_t size_min);

  std::unique_ptr<File> file_;
  std::uint64_t written_ = 0;  // bytes
  Bytes block_;                // not written yet
  std::vector<BaseRow> rows_;
};

// An open base. One thread at a time.
class BaseReader {
 public:
  // Where its persons' rows lie, to be kept for open(). Errors: kStoreCorrupt (no base, or cut),
  // the file system's.
  static Result<SortedRows> persons_of(Files& files, const std::string& path);
  // `persons`, of the same file, must outlive it. Errors: the file system's.
  static Result<BaseReader> open(Files& files, const std::string& path, const SortedRows& persons);

  // Errors: kUnknownPerson, the file system's, kStoreCorrupt (cut).
  Result<BaseRow> find(std::uint64_t person) const;
  // Of a row that this file gave. Errors: the file system's, kStoreCorrupt (cut, too long).
  Result<Bytes> sealed(const BaseRow& row) const;
  // Everybody, ascending by person; `visit` gives a Result<void>. Errors: as find(), and visit's.
  template <class Visit>
  Result<void> walk(const Visit& visit) const;

 private:
  BaseReader(std::unique_ptr<File> file, const SortedRows& persons)
      : file_(std::move(file)), persons_(&persons) {}
  // So many from `first` on.
  Result<std::vector<BaseRow>> rows(std::uint64_t first, std::uint64_t count) const;

  std::unique_ptr<File> file_;
  const SortedRows* persons_;
  mutable ReadWindow window_;  // of records
};

template <class Visit>
Result<void> BaseReader::walk(const Visit& visit) const {
  constexpr std::uint64_t kRowsPerRead = 8192;
  const auto all = persons_->place().rows;
  for (std::uint64_t first = 0; first < all; first += kRowsPerRead) {
    CERTRELAY_TRY(const auto some, rows(first, std::min(kRowsPerRead, all - first)));
    for (const auto& row : some) {
      const Result<void> visited = visit(row);
      if (!visited) return visited;
    }
  }
  return ok();
}

}  // namespace certrelay
