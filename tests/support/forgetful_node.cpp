#include "tests/support/forgetful_node.hpp"

#include <algorithm>

namespace certrelay::testing {
namespace {

constexpr std::size_t kSectorBytes = 512;

void put(Bytes& file, std::uint64_t offset, ByteView bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

// Each sector of the write reaches the disk or not.
void put_some(Bytes& file, std::uint64_t offset, ByteView bytes, std::mt19937_64& chance) {
  while (!bytes.empty()) {
    const auto room = kSectorBytes - static_cast<std::size_t>(offset % kSectorBytes);
    const auto piece = bytes.first(std::min(room, bytes.size()));
    if ((chance() & 1U) != 0) put(file, offset, piece);
    offset += piece.size();
    bytes = bytes.subspan(piece.size());
  }
}

}  // namespace

void ForgetfulFiles::Node::write(std::uint64_t offset, ByteView bytes) {
  put(now, offset, bytes);
  pending.push_back({offset, Bytes(bytes.begin(), bytes.end()), false});
}

void ForgetfulFiles::Node::truncate(std::uint64_t size) {
  now.resize(static_cast<std::size_t>(size));
  pending.push_back({size, {}, true});
}

void ForgetfulFiles::Node::sync() {
  for (const auto& change : pending) {
    if (change.truncates) {
      durable.resize(static_cast<std::size_t>(change.offset));
    } else {
      put(durable, change.offset, change.bytes);
    }
  }
  pending.clear();
}

void ForgetfulFiles::Node::cut() {
  pending.clear();
  now = durable;
  locked = false;
}

void ForgetfulFiles::Node::cut(std::mt19937_64& chance) {
  for (const auto& change : pending) {
    if (!change.truncates) {
      put_some(durable, change.offset, change.bytes, chance);
    } else if ((chance() & 1U) != 0) {
      durable.resize(static_cast<std::size_t>(change.offset));
    }
  }
  cut();
}

}  // namespace certrelay::testing
