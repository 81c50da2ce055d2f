#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay {

// The only source of chance. Production: SystemEntropy (getrandom(2)). Tests: a seeded one.
// Thread-safe. Never fails: a kernel without entropy is a bug (CHECK).
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes(Entropy& entropy) {
  std::array<std::uint8_t, N> out{};
  entropy.fill(out);
  return out;
}

}  // namespace certrelay
