#pragma once

#include <array>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// A set of positive serial numbers, sorted once and then asked by binary search. Numbers of up to
// eight octets (JPKI's) cost eight bytes each, longer ones twenty.
class SerialList {
 public:
  // `magnitude`: 1 to 20 octets without leading zero.
  void reserve(std::size_t short_serials) { short_.reserve(short_serials); }
  void add(ByteView magnitude) {
    if (magnitude.size() <= sizeof(std::uint64_t)) {
      short_.push_back(to_short(magnitude));
    } else {
      long_.push_back(to_long(magnitude));
    }
  }
  // Sorts and gives spare memory back; contains() is for afterwards.
  void seal();
  bool contains(ByteView magnitude) const;

  std::size_t size() const { return short_.size() + long_.size(); }
  // Whether a number was added twice. For after seal().
  bool has_duplicates() const;
  std::size_t memory_bytes() const {
    return short_.capacity() * sizeof(std::uint64_t) + long_.capacity() * sizeof(LongSerial);
  }

 private:
  using LongSerial = std::array<std::uint8_t, 20>;
  static std::uint64_t to_short(ByteView magnitude) {
    std::uint64_t value = 0;
    for (const auto octet : magnitude) value = value << 8 | octet;
    return value;
  }
  static LongSerial to_long(ByteView magnitude);

  std::vector<std::uint64_t> short_;
  std::vector<LongSerial> long_;
};

}  // namespace certrelay
