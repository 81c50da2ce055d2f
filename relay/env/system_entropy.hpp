#pragma once

#include "relay/env/entropy.hpp"

namespace certrelay {

// The kernel's generator. Waits at boot until it is seeded. Thread-safe, stateless.
class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace certrelay
