// What the people of one block hash to, on both sides of a reconciliation. FORMAT.md, "Blocks".
#pragma once

#include "protocol/extract/records.hpp"

namespace certrelay {

class BlockDigest {
 public:
  // The nonce is the call's own: the same people hash to something else in the next call.
  BlockDigest(const std::array<std::uint8_t, 32>& nonce, std::uint64_t blocks, std::uint64_t block);

  // One person of the block, ascending by id. `cards` in any order; valid_from[i] is of cards[i].
  // `numbers`: as the register in force.
  void add(const HouseholdRecord& household, const PersonRecord& person,
           const std::vector<CardKey>& cards, const std::vector<JstDay>& valid_from,
           IndividualNumbers numbers = IndividualNumbers::kNotHeld);

  std::uint64_t persons() const { return persons_; }
  Digest finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
  std::uint64_t persons_ = 0;
};

}  // namespace certrelay
