#include "relay/identity/serial_list.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = 6;  // of 64 bits
constexpr std::size_t kRadix = std::size_t{1} << kDigitBits;
constexpr std::size_t kRadixSortMin = 4096;  // below, comparing is as fast

using Counts = std::array<std::array<std::uint32_t, kRadix>, kDigits>;

std::size_t digit_of(std::uint64_t value, std::size_t digit) {
  return static_cast<std::size_t>(value >> (digit * kDigitBits)) & (kRadix - 1);
}

// Moves `from` into `to`, ordered by one digit and otherwise as it was. `counts` become offsets.
void distribute(const std::vector<std::uint64_t>& from, std::vector<std::uint64_t>& to,
                std::array<std::uint32_t, kRadix>& counts, std::size_t digit) {
  std::uint32_t next = 0;
  for (auto& count : counts) next += std::exchange(count, next);
  for (const auto value : from) to[counts[digit_of(value, digit)]++] = value;
}

// Least significant digit first: six passes over a million numbers in any order, where comparing
// takes twenty. The counts of all digits come from one pass; a digit that all share costs nothing.
void radix_sort(std::vector<std::uint64_t>& list) {
  const auto counts = std::make_unique<Counts>();
  for (const auto value : list) {
    for (std::size_t digit = 0; digit < kDigits; ++digit)
      ++(*counts)[digit][digit_of(value, digit)];
  }
  std::vector<std::uint64_t> other(list.size());
  for (std::size_t digit = 0; digit < kDigits; ++digit) {
    auto& own = (*counts)[digit];
    if (own[digit_of(list.front(), digit)] == list.size()) continue;
    distribute(list, other, own, digit);
    list.swap(other);
  }
}

// One pass into buckets of the first two octets, which are the number's low ones and so differ
// most; what is left to compare is a handful each. Whoever makes all of them alike pays for
// comparing.
template <class Long>
void bucket_sort(std::vector<Long>& list) {
  constexpr std::size_t kBuckets = 1U << 16U;
  const auto bucket_of = [](const Long& value) {
    return static_cast<std::size_t>(value[0]) << 8U | value[1];
  };
  std::vector<std::uint32_t> ends(kBuckets + 1);
  for (const auto& value : list) ++ends[bucket_of(value) + 1];
  for (std::size_t i = 1; i <= kBuckets; ++i) ends[i] += ends[i - 1];
  std::vector<Long> other(list.size());
  for (const auto& value : list) other[ends[bucket_of(value)]++] = value;
  list.swap(other);
  // Each begin has moved to its bucket's end.
  auto begin = list.begin();
  for (std::size_t i = 0; i < kBuckets; ++i) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(ends[i]);
    std::sort(begin, end);
    begin = end;
  }
}

}  // namespace

SerialList::LongSerial SerialList::to_long(ByteView magnitude) {
  LongSerial value{};
  CERTRELAY_CHECK(magnitude.size() <= value.size());
  std::copy(magnitude.rbegin(), magnitude.rend(), value.rbegin());
  return value;
}

void SerialList::seal() {
  // Lists usually arrive in order; then this is one pass.
  if (!std::is_sorted(short_.begin(), short_.end())) {
    if (short_.size() < kRadixSortMin) {
      std::sort(short_.begin(), short_.end());
    } else {
      radix_sort(short_);
    }
  }
  if (!std::is_sorted(long_.begin(), long_.end())) {
    if (long_.size() < kRadixSortMin) {
      std::sort(long_.begin(), long_.end());
    } else {
      bucket_sort(long_);
    }
  }
  short_.shrink_to_fit();
  long_.shrink_to_fit();
}

bool SerialList::has_duplicates() const {
  return std::adjacent_find(short_.begin(), short_.end()) != short_.end() ||
         std::adjacent_find(long_.begin(), long_.end()) != long_.end();
}

bool SerialList::contains(ByteView magnitude) const {
  if (magnitude.size() <= sizeof(std::uint64_t)) {
    return std::binary_search(short_.begin(), short_.end(), to_short(magnitude));
  }
  return std::binary_search(long_.begin(), long_.end(), to_long(magnitude));
}

}  // namespace certrelay
