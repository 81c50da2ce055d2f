#pragma once

#include "relay/registry/generation_seal.hpp"

namespace certrelay {

// What a change of the root came to, for the evidence. Digests are of ciphertext only: one of the
// data themselves would let anybody test guesses about an erased person.
struct RootTurn {
  std::uint64_t persons = 0;  // whose keys ended
  std::uint64_t numbers = 0;  // individual numbers whose keys ended apart from their persons'
  std::uint64_t epoch_before = 0;
  std::uint64_t epoch_after = 0;
  FileMark keys_before;
  FileMark keys_after;
};

// The rows that nobody can open any more left the base, and the card index has new keys.
struct ResidueDrop {
  RootTurn turn;
  std::uint64_t rows = 0;  // that left
  FileMark base_before;
  FileMark base_after;
  FileMark index_before;
  FileMark index_after;
};

}  // namespace certrelay
