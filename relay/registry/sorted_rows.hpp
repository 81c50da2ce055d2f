// Rows of one size in a file, ascending by their first bytes: where a card's link lies, and where a
// person's record lies. One read finds a row, two at ten million. FORMAT.md.
#pragma once

#include <string_view>
#include <vector>

#include "relay/env/files.hpp"

namespace certrelay {

// Which part of a file the rows are.
struct RowsPlace {
  std::uint64_t start = 0;  // byte of the first
  std::uint64_t rows = 0;
  std::size_t row_size = 0;  // at least 8, at most kRowSizeMax
  std::size_t key_size = 0;  // at least 8: rows ascend by so many first bytes, no two alike
};

// Unchanging; any number of threads, each with a file of its own.
class SortedRows {
 public:
  static constexpr std::size_t kRowSizeMax = 72;

  // Reads the first eight bytes of some rows, evenly spread: between which two of them a row lies.
  // At most 128 KiB are kept, however large the city. `where` must outlive it, for errors.
  // Errors: the file system's, kStoreCorrupt (the file is cut).
  static Result<SortedRows> read(File& file, const RowsPlace& place, std::string_view where);

  // Puts the row with that key into `row`, which has the row's size. False: there is none.
  // Errors: as read().
  Result<bool> find(File& file, ByteView key, std::span<std::uint8_t> row) const;
  // So many rows from `first` on, one after the other in `out`. Errors: as read().
  Result<void> read_rows(File& file, std::uint64_t first, std::span<std::uint8_t> out) const;

  const RowsPlace& place() const { return place_; }
  std::uint64_t step() const { return step_; }

 private:
  // [low, high) holds the row, if there is one; heads of the row before it and of the one after.
  struct Range {
    std::uint64_t low;
    std::uint64_t high;
    std::uint64_t low_head;
    std::uint64_t high_head;
  };
  SortedRows(const RowsPlace& place, std::string_view where) : place_(place), where_(where) {}
  Range range_of(std::uint64_t head) const;

  RowsPlace place_;
  std::string_view where_;
  std::uint64_t step_ = 1;  // rows from one fence to the next
  std::vector<std::uint64_t> fences_;
};

}  // namespace certrelay
