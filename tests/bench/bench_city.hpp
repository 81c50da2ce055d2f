// A city of any size as an extract's folder, written in one pass and never held in memory (見本).
#pragma once

#include "protocol/extract/manifest.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

struct BenchCity {
  std::uint64_t persons = 1'000'000;  // a household or so more
  std::uint64_t generation = 1;
  // From generation 2 on: one household in so many has moved, left, or is new.
  std::uint64_t change_every = 100;
};

// The tables and the manifest in `folder`, which exists. Precondition: no error of the disk
// (CHECK).
Manifest write_bench_city(Files& files, const std::string& folder, const BenchCity& city);

}  // namespace certrelay
