#include "protocol/record/proof.hpp"

#include <algorithm>
#include <bit>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

Error wrong_length() { return {ErrorCode::kMalformed, "proof: number of hashes"}; }
Error leads_elsewhere() { return {ErrorCode::kTreeMismatch, "proof: leads to another root"}; }

// RFC 6962's k: the largest power of two below n. Precondition: n > 1.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// The two walks up a tree (RFC 9162 §2.1.3.2, §2.1.4.2): `node` and `last` are the positions of the
// node at hand and of the tree's last node in their level.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;
  // Whether the next hash lies to the left; then the levels where the node has no neighbour to the
  // right are left out.
  bool next_is_left() {
    const bool left = (node & 1U) != 0 || node == last;
    if (left) {
      while ((node & 1U) == 0 && node != 0) up();
    }
    return left;
  }
  void up() {
    node >>= 1U;
    last >>= 1U;
  }
};

}  // namespace

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
  CERTRELAY_CHECK(index < size);
  std::vector<LeafRange> out;
  LeafRange tree{0, size};
  while (tree.end - tree.begin > 1) {
    const auto middle = tree.begin + split_of(tree.end - tree.begin);
    const bool left = index < middle;
    out.push_back(left ? LeafRange{middle, tree.end} : LeafRange{tree.begin, middle});
    tree = left ? LeafRange{tree.begin, middle} : LeafRange{middle, tree.end};
  }
  std::reverse(out.begin(), out.end());  // from the leaf up
  return out;
}

std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size) {
  CERTRELAY_CHECK(old_size > 0 && old_size <= size);
  std::vector<LeafRange> out;
  LeafRange tree{0, size};
  bool whole = true;  // the old tree is the one at hand: its root is known to the reader
  while (old_size != tree.end) {
    const auto middle = tree.begin + split_of(tree.end - tree.begin);
    if (old_size <= middle) {
      out.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      out.push_back({tree.begin, middle});
      tree.begin = middle;
      whole = false;
    }
  }
  if (!whole) out.push_back(tree);
  std::reverse(out.begin(), out.end());
  return out;
}

Result<ProofBuilder> ProofBuilder::begin(std::vector<LeafRange> ranges,
                                         const MerkleFrontier& before) {
  ProofBuilder out;
  out.next_ = before.size();
  for (const auto& range : ranges) {
    auto tree = before.part(range.begin, std::min(range.end, before.size()));
    if (!tree) return Error{ErrorCode::kEntryPruned, "proof: its entries have left"};
    out.parts_.push_back({range, *std::move(tree)});
  }
  return out;
}

void ProofBuilder::take(const Digest& leaf) {
  for (auto& part : parts_) {
    if (next_ >= part.range.begin && next_ < part.range.end) part.tree.append(leaf);
  }
  ++next_;
}

std::vector<Digest> ProofBuilder::hashes() const {
  std::vector<Digest> out;
  for (const auto& part : parts_) {
    CERTRELAY_CHECK(part.tree.size() == part.range.end - part.range.begin);
    out.push_back(part.tree.root());
  }
  return out;
}

Result<void> verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                              const Digest& root, const std::vector<Digest>& hashes) {
  if (index >= size || hashes.size() != inclusion_ranges(index, size).size()) {
    return wrong_length();
  }
  Climb climb{index, size - 1};
  auto node = leaf;
  for (const auto& hash : hashes) {
    node = climb.next_is_left() ? node_hash(hash, node) : node_hash(node, hash);
    climb.up();
  }
  if (node != root) return leads_elsewhere();
  return ok();
}

Result<void> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                                const Digest& root, const std::vector<Digest>& hashes) {
  if (old_size == 0 || old_size > size ||
      hashes.size() != consistency_ranges(old_size, size).size()) {
    return wrong_length();
  }
  if (old_size == size) {
    if (old_root != root) return leads_elsewhere();
    return ok();
  }
  Climb climb{old_size - 1, size - 1};
  while ((climb.node & 1U) != 0) climb.up();
  // Of a perfect old tree the reader has the first node: its root.
  const bool perfect = std::has_single_bit(old_size);
  auto old_node = perfect ? old_root : hashes.front();
  auto node = old_node;
  for (std::size_t n = perfect ? 0 : 1; n < hashes.size(); ++n) {
    if (climb.next_is_left()) {
      old_node = node_hash(hashes[n], old_node);
      node = node_hash(hashes[n], node);
    } else {
      node = node_hash(node, hashes[n]);
    }
    climb.up();
  }
  if (old_node != old_root || node != root) return leads_elsewhere();
  return ok();
}

}  // namespace certrelay
