// Goal: a proof leads to the root that RFC 6962 gives, and nothing else is a proof.
// Method: every position and pair of sizes of small trees against the RFC's own recursive words;
// the RFC's examples (§2.1.3) by name; then each part of a proof changed.
#include "protocol/record/proof.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

constexpr std::uint64_t kSizeMax = 40;

std::vector<Digest> leaves_of(std::uint64_t size) {
  std::vector<Digest> out;
  for (std::uint64_t n = 0; n < size; ++n) out.push_back(leaf_hash(as_bytes(std::to_string(n))));
  return out;
}

// MTH of RFC 6962 §2.1.
Digest tree_hash(const std::vector<Digest>& leaves, LeafRange range) {
  const auto size = range.end - range.begin;
  if (size == 1) return leaves.at(range.begin);
  std::uint64_t k = 1;
  while (k * 2 < size) k *= 2;
  return node_hash(tree_hash(leaves, {range.begin, range.begin + k}),
                   tree_hash(leaves, {range.begin + k, range.end}));
}

std::vector<Digest> hashes_of(const std::vector<Digest>& leaves, std::vector<LeafRange> ranges,
                              std::uint64_t before = 0) {
  MerkleFrontier gone;
  for (std::uint64_t n = 0; n < before; ++n) gone.append(leaves[n]);
  auto builder = ProofBuilder::begin(std::move(ranges), gone).value();
  for (auto n = before; n < leaves.size(); ++n) builder.take(leaves[n]);
  return builder.hashes();
}

TEST(ProofTest, TheRangesAreThoseOfTheRfcsExamples) {
  using Ranges = std::vector<LeafRange>;
  EXPECT_EQ(inclusion_ranges(0, 7), (Ranges{{1, 2}, {2, 4}, {4, 7}}));
  EXPECT_EQ(inclusion_ranges(3, 7), (Ranges{{2, 3}, {0, 2}, {4, 7}}));
  EXPECT_EQ(inclusion_ranges(4, 7), (Ranges{{5, 6}, {6, 7}, {0, 4}}));
  EXPECT_EQ(inclusion_ranges(6, 7), (Ranges{{4, 6}, {0, 4}}));
  EXPECT_EQ(consistency_ranges(3, 7), (Ranges{{2, 3}, {3, 4}, {0, 2}, {4, 7}}));
  EXPECT_EQ(consistency_ranges(4, 7), (Ranges{{4, 7}}));
  EXPECT_EQ(consistency_ranges(6, 7), (Ranges{{4, 6}, {6, 7}, {0, 4}}));
  EXPECT_EQ(consistency_ranges(7, 7), Ranges{});
}

TEST(ProofTest, EveryLeafOfEveryTreeIsProvedAndNoOther) {
  for (std::uint64_t size = 1; size <= kSizeMax; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = tree_hash(leaves, {0, size});
    for (std::uint64_t index = 0; index < size; ++index) {
      SCOPED_TRACE(std::to_string(index) + " of " + std::to_string(size));
      auto hashes = hashes_of(leaves, inclusion_ranges(index, size));
      EXPECT_TRUE(verify_inclusion(leaves[index], index, size, root, hashes).has_value());
      EXPECT_FALSE(verify_inclusion(Digest{}, index, size, root, hashes).has_value());
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, Digest{}, hashes).has_value());
      EXPECT_FALSE(
          verify_inclusion(leaves[index], (index + 1) % size, size, root, hashes).has_value() &&
          size > 1);
      for (auto& hash : hashes) {
        hash[0] ^= 1;
        EXPECT_EQ(verify_inclusion(leaves[index], index, size, root, hashes).error().code,
                  ErrorCode::kTreeMismatch);
        hash[0] ^= 1;
      }
      hashes.emplace_back();
      EXPECT_EQ(verify_inclusion(leaves[index], index, size, root, hashes).error().code,
                ErrorCode::kMalformed);
    }
    EXPECT_EQ(verify_inclusion(root, size, size, root, {}).error().code, ErrorCode::kMalformed);
  }
}

TEST(ProofTest, EveryTreeContinuesEveryEarlierOneAndNoOther) {
  for (std::uint64_t size = 1; size <= kSizeMax; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = tree_hash(leaves, {0, size});
    for (std::uint64_t old = 1; old <= size; ++old) {
      SCOPED_TRACE(std::to_string(old) + " of " + std::to_string(size));
      const auto old_root = tree_hash(leaves, {0, old});
      auto hashes = hashes_of(leaves, consistency_ranges(old, size));
      EXPECT_TRUE(verify_consistency(old, old_root, size, root, hashes).has_value());
      EXPECT_FALSE(verify_consistency(old, Digest{}, size, root, hashes).has_value());
      EXPECT_FALSE(verify_consistency(old, old_root, size, Digest{}, hashes).has_value());
      for (auto& hash : hashes) {
        hash[31] ^= 1;
        EXPECT_EQ(verify_consistency(old, old_root, size, root, hashes).error().code,
                  ErrorCode::kTreeMismatch);
        hash[31] ^= 1;
      }
      hashes.emplace_back();
      EXPECT_EQ(verify_consistency(old, old_root, size, root, hashes).error().code,
                ErrorCode::kMalformed);
    }
    EXPECT_EQ(verify_consistency(0, root, size, root, {}).error().code, ErrorCode::kMalformed);
    EXPECT_EQ(verify_consistency(size + 1, root, size, root, {}).error().code,
              ErrorCode::kMalformed);
  }
}

// What left after its five years is known by its subtrees alone.
TEST(ProofTest, WhatStaysOfAPrunedTreeIsProvedFromThePrunedTree) {
  constexpr std::uint64_t kSize = 29;
  const auto leaves = leaves_of(kSize);
  const auto root = tree_hash(leaves, {0, kSize});
  for (const std::uint64_t before : {4U, 8U, 12U, 24U, 28U}) {
    for (auto index = before; index < kSize; ++index) {
      const auto hashes = hashes_of(leaves, inclusion_ranges(index, kSize), before);
      EXPECT_TRUE(verify_inclusion(leaves[index], index, kSize, root, hashes).has_value());
    }
    for (auto old = before; old <= kSize; ++old) {
      const auto hashes = hashes_of(leaves, consistency_ranges(old, kSize), before);
      const auto old_root = tree_hash(leaves, {0, old});
      EXPECT_TRUE(verify_consistency(old, old_root, kSize, root, hashes).has_value());
    }
    MerkleFrontier gone;
    for (std::uint64_t n = 0; n < before; ++n) gone.append(leaves[n]);
    EXPECT_EQ(ProofBuilder::begin(inclusion_ranges(1, kSize), gone).error().code,
              ErrorCode::kEntryPruned);
  }
}

class ProofTextTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kEntries = 5;
  void SetUp() override {
    for (std::uint64_t n = 1; n <= kEntries; ++n) {
      Entry entry;
      entry.kind = EntryKind::kBoot;
      entry.sequence = LedgerSequence(n);
      entries_.push_back(encode(entry).value());
      leaves_.push_back(leaf_hash(entries_.back()));
    }
  }
  // A note over the first `size` entries; whose signature it carries does not matter here.
  std::string note(std::uint64_t size) {
    const Checkpoint checkpoint{"ledger.example/1", size, tree_hash(leaves_, {0, size}), {}};
    return encode_note({encode_checkpoint(checkpoint), {{"ledger.example/1", {}, Bytes(64)}}});
  }
  EntryProof entry_proof(std::uint64_t index) {
    return {entries_[index], index, hashes_of(leaves_, inclusion_ranges(index, kEntries)),
            note(kEntries)};
  }
  std::vector<Bytes> entries_;
  std::vector<Digest> leaves_;
};

TEST_F(ProofTextTest, AnEntrysProofIsReadBackAndVerifies) {
  for (std::uint64_t index = 0; index < kEntries; ++index) {
    const auto text = encode_entry_proof(entry_proof(index));
    const auto read = parse_entry_proof(text).value();
    EXPECT_EQ(encode_entry_proof(read), text);
    EXPECT_EQ(verify(read).value().sequence.value(), index + 1);
  }
}

TEST_F(ProofTextTest, AProofOfAnotherPlaceOrEntryIsRefused) {
  auto moved = entry_proof(2);
  moved.index = 3;
  EXPECT_EQ(verify(moved).error().code, ErrorCode::kMalformed);
  auto altered = entry_proof(2);
  altered.entry[17] ^= 1;  // in the time
  EXPECT_EQ(verify(altered).error().code, ErrorCode::kTreeMismatch);
}

TEST_F(ProofTextTest, GrowthIsHeldAgainstTheOlderCheckpoint) {
  const GrowthProof proof{3, hashes_of(leaves_, consistency_ranges(3, kEntries)), note(kEntries)};
  const auto text = encode_growth_proof(proof);
  const auto read = parse_growth_proof(text).value();
  EXPECT_EQ(encode_growth_proof(read), text);
  Checkpoint old{"ledger.example/1", 3, tree_hash(leaves_, {0, 3}), {}};
  EXPECT_TRUE(verify(read, old).has_value());
  old.root[0] ^= 1;  // a fork
  EXPECT_EQ(verify(read, old).error().code, ErrorCode::kTreeMismatch);
  old.size = 4;
  EXPECT_EQ(verify(read, old).error().code, ErrorCode::kMalformed);
  old = {"ledger.example/2", 3, tree_hash(leaves_, {0, 3}), {}};
  EXPECT_EQ(verify(read, old).error().code, ErrorCode::kMalformed);
}

TEST_F(ProofTextTest, NoOtherSpellingIsRead) {
  const auto text = encode_entry_proof(entry_proof(1));
  EXPECT_FALSE(parse_entry_proof(text.substr(1)).has_value());
  auto padded = text;
  padded.replace(padded.find("index 1"), 7, "index 01");
  EXPECT_FALSE(parse_entry_proof(padded).has_value());
  auto without = text;
  without.erase(without.find("\n\n"), 1);
  EXPECT_FALSE(parse_entry_proof(without).has_value());
  EXPECT_EQ(parse_entry_proof(text + std::string(kProofBytesMax, ' ')).error().code,
            ErrorCode::kLimitExceeded);
  EntryProof long_proof = entry_proof(1);
  long_proof.hashes.resize(kProofHashesMax);
  EXPECT_TRUE(parse_entry_proof(encode_entry_proof(long_proof)).has_value());
  long_proof.hashes.emplace_back();
  EXPECT_EQ(parse_entry_proof(encode_entry_proof(long_proof)).error().code,
            ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace certrelay
