#pragma once

#include <mutex>
#include <random>

#include "relay/env/entropy.hpp"

namespace certrelay::testing {

// Chance that a seed replays. Thread-safe; the order of calls decides who gets what.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard guard(mutex_);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace certrelay::testing
