#include "protocol/record/merkle.hpp"

#include <gtest/gtest.h>

#include <bit>

namespace certrelay {
namespace {

// RFC 6962 §2.1, word for word and slow: the oracle.
Digest tree_hash(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256(ByteView{});
  if (leaves.size() == 1) return leaves[0];
  const auto split = std::bit_ceil(leaves.size()) / 2;
  return node_hash(tree_hash(leaves.first(split)), tree_hash(leaves.subspan(split)));
}

TEST(MerkleTest, RootIsTheRecursiveDefinitionsForEverySize) {
  std::vector<Digest> leaves;
  MerkleFrontier frontier;
  for (std::uint8_t i = 0; i < 130; ++i) {
    EXPECT_EQ(frontier.root(), tree_hash(leaves)) << int{i};
    leaves.push_back(leaf_hash(Bytes{i}));
    frontier.append(leaves.back());
  }
}

// The published vectors of the reference implementation (certificate-transparency, merkletree).
TEST(MerkleTest, AgreesWithThePublishedVectors) {
  MerkleFrontier frontier;
  EXPECT_EQ(to_hex(frontier.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  frontier.append(leaf_hash({}));
  EXPECT_EQ(to_hex(frontier.root()),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  frontier.append(leaf_hash(Bytes{0}));
  EXPECT_EQ(to_hex(frontier.root()),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  frontier.append(leaf_hash(Bytes{0x10}));
  EXPECT_EQ(to_hex(frontier.root()),
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
}

TEST(MerkleTest, ParsesWhatItEncodedAndNothingElse) {
  MerkleFrontier frontier;
  for (std::uint8_t i = 0; i < 11; ++i) frontier.append(leaf_hash(Bytes{i}));
  auto bytes = frontier.encode();
  EXPECT_EQ(bytes.size(), 8U + 3 * 32);
  EXPECT_EQ(MerkleFrontier::parse(bytes).value(), frontier);
  bytes.push_back(0);
  EXPECT_EQ(MerkleFrontier::parse(bytes).error().code, ErrorCode::kTrailingBytes);
  bytes.resize(bytes.size() - 2);
  EXPECT_EQ(MerkleFrontier::parse(bytes).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
