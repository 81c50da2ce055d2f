#pragma once

#include "relay/registry/generation.hpp"

namespace certrelay {

// A generation's base and card index once more, without the rows whose key was erased; the index
// under new keys. Slots stay, so the file of keys serves both.
struct RebuiltGeneration {
  GenerationSeal seal;
  std::uint64_t dropped = 0;  // rows
};

// Writes `stem`.base and `stem`.idx, synced; nothing is in force by that. Everything is opened and
// sealed in memory. Errors: damaged bytes, the store's.
Result<RebuiltGeneration> rebuild_without_residue(Files& files, Entropy& entropy,
                                                  const Generation& from, const Key256& root,
                                                  const std::string& stem);

}  // namespace certrelay
