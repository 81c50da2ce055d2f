// Kiosks, a source system and a fate, all drawn from one seed, around one SimSite. The same seed
// gives the same run.
#pragma once

#include "tests/sim/sim_checker.hpp"
#include "tests/sim/sim_site.hpp"

namespace certrelay::testing {

struct SimSettings {
  std::uint64_t seed = 1;
  std::size_t transactions = 250;  // opened; what becomes of them is the seed's
  bool crashes = true;
  SimPlants plants = {};
};

struct SimResult {
  std::vector<std::string> broken;  // "INV-n what"
  ErrorCode alarm = ErrorCode::kNone;
  std::size_t opened = 0, documents = 0, repeats = 0, refused = 0, shed = 0, lost = 0;
  std::size_t changes = 0, swaps = 0, crashes = 0, erased = 0, clock_steps = 0;
  PieceTally pieces;
  std::map<ErrorCode, std::size_t> shed_for;  // why the relay was closed; kNone: too many at once
  bool broke(std::string_view invariant) const;
};

SimResult simulate(SimSettings settings);

}  // namespace certrelay::testing
