#include "relay/registry/sorted_rows.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::uint64_t kBlockRows = 32;  // of one read: at most 2.3 KB, seldom two at ten million
constexpr std::size_t kRowHeadSize = 8;
// Each fence costs a read at the start; between two that are this near one block finds the row.
constexpr std::uint64_t kFenceStepMin = 64;
constexpr std::uint64_t kFencesMax = 16 * 1024;  // 128 KiB

// The first eight bytes as a number: where keys are spread evenly it tells the row's place.
std::uint64_t head_of(ByteView key) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < kRowHeadSize; ++i) head = head << 8U | key[i];
  return head;
}

// Where in [low, high) the row should lie when heads are even between the two bounds.
std::uint64_t guess(std::uint64_t low, std::uint64_t high, std::uint64_t low_head,
                    std::uint64_t high_head, std::uint64_t head) {
  if (head <= low_head || high_head <= low_head) return low;
  const long double part =
      static_cast<long double>(head - low_head) / static_cast<long double>(high_head - low_head);
  const auto step = static_cast<std::uint64_t>(part * static_cast<long double>(high - low));
  return std::min(low + step, high - 1);
}

}  // namespace

Result<SortedRows> SortedRows::read(File& file, const RowsPlace& place, std::string_view where) {
  CERTRELAY_CHECK(place.key_size >= kRowHeadSize && place.row_size >= place.key_size &&
                  place.row_size <= kRowSizeMax);
  SortedRows out(place, where);
  out.step_ = std::max(kFenceStepMin, place.rows / kFencesMax + 1);
  out.fences_.reserve(place.rows / out.step_ + 1);
  for (std::uint64_t row = 0; row < place.rows; row += out.step_) {
    std::array<std::uint8_t, kRowHeadSize> head{};
    CERTRELAY_TRY(const auto read, file.read_at(place.start + row * place.row_size, head));
    if (read != head.size()) return Error{ErrorCode::kStoreCorrupt, where};
    out.fences_.push_back(head_of(head));
  }
  return out;
}

Result<void> SortedRows::read_rows(File& file, std::uint64_t first,
                                   std::span<std::uint8_t> out) const {
  CERTRELAY_TRY(const auto read, file.read_at(place_.start + first * place_.row_size, out));
  if (read != out.size()) return Error{ErrorCode::kStoreCorrupt, where_};
  return ok();
}

// From the last fence below the head to the first one above it.
SortedRows::Range SortedRows::range_of(std::uint64_t head) const {
  const auto from = std::lower_bound(fences_.begin(), fences_.end(), head);
  const auto until = std::upper_bound(from, fences_.end(), head);
  const auto row = [&](auto fence) {
    return static_cast<std::uint64_t>(fence - fences_.begin()) * step_;
  };
  const bool first = from == fences_.begin();
  const bool last = until == fences_.end();
  return {first ? 0 : row(from - 1), last ? place_.rows : row(until), first ? 0 : *(from - 1),
          last ? ~std::uint64_t{0} : *until};
}

Result<bool> SortedRows::find(File& file, ByteView key, std::span<std::uint8_t> row) const {
  CERTRELAY_CHECK(key.size() == place_.key_size && row.size() == place_.row_size);
  const auto key_at = [&](ByteView rows, std::size_t index) {
    return rows.subspan(index * place_.row_size, place_.key_size);
  };
  const auto less = [](ByteView a, ByteView b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  };
  std::array<std::uint8_t, kBlockRows * kRowSizeMax> block;  // NOLINT(*-member-init): read into
  const std::uint64_t head = head_of(key);
  auto range = range_of(head);
  while (range.low < range.high) {
    // A block around the guess; each round leaves the block out, so it ends.
    const auto middle = guess(range.low, range.high, range.low_head, range.high_head, head);
    const auto first = std::max(range.low, middle - std::min(middle, kBlockRows / 2));
    const std::uint64_t count = std::min(kBlockRows, range.high - first);
    const auto rows = std::span(block).first(count * place_.row_size);
    CERTRELAY_TRY(read_rows(file, first, rows));
    if (less(key, key_at(rows, 0))) {
      range.high = first;
      range.high_head = head_of(rows);
      continue;
    }
    if (less(key_at(rows, count - 1), key)) {
      range.low = first + count;
      range.low_head = head_of(key_at(rows, count - 1));
      continue;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto found = key_at(rows, i);
      if (!std::equal(key.begin(), key.end(), found.begin())) continue;
      std::copy_n(found.data(), row.size(), row.begin());
      return true;
    }
    return false;
  }
  return false;
}

}  // namespace certrelay
