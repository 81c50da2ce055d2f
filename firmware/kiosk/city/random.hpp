#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

#include "protocol/base/check.hpp"

namespace certrelay {

// The fictional city's dice: equal seeds give equal people on every machine, for ever. The engine's
// output is fixed by the C++ standard; std::*_distribution's is not, so the draws are our own.
// Never for keys: those come from Entropy and OpenSSL.
class CityRandom {
 public:
  explicit CityRandom(std::uint64_t seed) : engine_(seed) {}

  // [0, bound), each value equally often. Precondition: bound > 0 (CHECK).
  std::uint64_t below(std::uint64_t bound);
  // [low, high], both ends included. Precondition: low <= high (CHECK).
  int between(int low, int high);
  // True `permille` times in a thousand.
  bool chance(int permille) { return between(1, 1000) <= permille; }
  // `count` decimal digits.
  std::string digits(int count);

  template <class T>
  const T& pick(std::span<const T> items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace certrelay
