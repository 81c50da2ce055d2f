// RFC 6962 §2.1: the tree over the ledger's entries, as much of it as appending needs.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/sha256.hpp"

namespace certrelay {

// SHA-256(0x00 ‖ entry): the leaf of an entry's canonical bytes.
Digest leaf_hash(ByteView entry);
// SHA-256(0x01 ‖ left ‖ right)
Digest node_hash(const Digest& left, const Digest& right);

// The roots of the perfect subtrees that the first `size` leaves make, largest first: one for each
// bit of `size`. Enough to append in amortised constant time and to tell the root; at most 64
// digests for any ledger.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // size as u64, then its digests. Errors: kMalformed (another count than `size` demands),
  // kTrailingBytes.
  static Result<MerkleFrontier> parse(ByteView bytes);
  Bytes encode() const;

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  // The tree of the leaves [begin, end) alone, empty where there are none in it; none where it
  // cannot be told any more, for a subtree that is kept crosses its borders.
  std::optional<MerkleFrontier> part(std::uint64_t begin, std::uint64_t end) const;
  // The Merkle Tree Hash; of no leaves SHA-256 of nothing.
  Digest root() const;
  friend bool operator==(const MerkleFrontier&, const MerkleFrontier&) = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

}  // namespace certrelay
