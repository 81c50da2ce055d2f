#include "relay/registry/read_window.hpp"

#include <algorithm>

namespace certrelay {

Result<ByteView> ReadWindow::at(File& file, std::uint64_t offset, std::size_t size,
                                std::size_t around) {
  const bool there = offset >= first_ && offset + size <= first_ + held_.size();
  if (!there) {
    first_ = offset - std::min<std::uint64_t>(offset, around);
    held_.resize(offset - first_ + size + around);
    const auto read = file.read_at(first_, held_);
    held_.resize(read ? read.value() : 0);
    if (!read) return read.error();
  }
  const auto from = std::min<std::uint64_t>(offset - first_, held_.size());
  const auto rest = ByteView(held_).subspan(from);
  return rest.first(std::min(size, rest.size()));
}

}  // namespace certrelay
