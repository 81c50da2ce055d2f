#include "protocol/record/merkle.hpp"

#include <algorithm>
#include <bit>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::array<std::uint8_t, 1> kLeaf{0x00};
constexpr std::array<std::uint8_t, 1> kNode{0x01};

}  // namespace

Digest leaf_hash(ByteView entry) { return Sha256().add(kLeaf).add(entry).finish(); }

Digest node_hash(const Digest& left, const Digest& right) {
  return Sha256().add(kNode).add(left).add(right).finish();
}

Result<MerkleFrontier> MerkleFrontier::parse(ByteView bytes) {
  ByteReader in(bytes);
  MerkleFrontier out;
  CERTRELAY_TRY(out.size_, in.u64());
  for (int left = std::popcount(out.size_); left > 0; --left) {
    CERTRELAY_TRY(const auto digest, in.raw(sizeof(Digest)));
    std::copy(digest.begin(), digest.end(), out.subtrees_.emplace_back().begin());
  }
  CERTRELAY_TRY(in.expect_end());
  return out;
}

Bytes MerkleFrontier::encode() const {
  ByteWriter out;
  out.u64(size_);
  for (const auto& subtree : subtrees_) out.raw(subtree);
  return std::move(out).take();
}

void MerkleFrontier::append(const Digest& leaf) {
  auto node = leaf;
  // Each trailing 1 bit of the size is a subtree as large as the one at hand.
  for (auto bits = size_; (bits & 1U) != 0; bits >>= 1) {
    node = node_hash(subtrees_.back(), node);
    subtrees_.pop_back();
  }
  subtrees_.push_back(node);
  ++size_;
}

std::optional<MerkleFrontier> MerkleFrontier::part(std::uint64_t begin, std::uint64_t end) const {
  MerkleFrontier out;
  std::uint64_t at = 0;
  for (const auto& subtree : subtrees_) {
    const auto next = at + std::bit_floor(size_ - at);
    if (at < end && next > begin) {
      if (at < begin || next > end) return std::nullopt;
      out.subtrees_.push_back(subtree);
      out.size_ += next - at;
    }
    at = next;
  }
  return out;
}

Digest MerkleFrontier::root() const {
  if (subtrees_.empty()) return sha256(ByteView{});
  auto root = subtrees_.back();
  for (auto next = subtrees_.rbegin() + 1; next != subtrees_.rend(); ++next) {
    root = node_hash(*next, root);
  }
  return root;
}

}  // namespace certrelay
