#include "relay/identity/serial_list.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

template <class T>
void sort_and_shrink(std::vector<T>& list) {
  // Lists usually arrive in order; then this is one pass.
  if (!std::is_sorted(list.begin(), list.end())) std::sort(list.begin(), list.end());
  list.shrink_to_fit();
}

}  // namespace

std::uint64_t SerialList::to_short(ByteView magnitude) {
  std::uint64_t value = 0;
  for (const auto octet : magnitude) value = value << 8 | octet;
  return value;
}

SerialList::LongSerial SerialList::to_long(ByteView magnitude) {
  LongSerial value{};
  CERTRELAY_CHECK(magnitude.size() <= value.size());
  std::copy(magnitude.rbegin(), magnitude.rend(), value.rbegin());
  return value;
}

void SerialList::add(ByteView magnitude) {
  if (magnitude.size() <= sizeof(std::uint64_t)) {
    short_.push_back(to_short(magnitude));
  } else {
    long_.push_back(to_long(magnitude));
  }
}

void SerialList::seal() {
  sort_and_shrink(short_);
  sort_and_shrink(long_);
}

bool SerialList::contains(ByteView magnitude) const {
  if (magnitude.size() <= sizeof(std::uint64_t)) {
    return std::binary_search(short_.begin(), short_.end(), to_short(magnitude));
  }
  return std::binary_search(long_.begin(), long_.end(), to_long(magnitude));
}

}  // namespace certrelay
