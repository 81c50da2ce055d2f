#pragma once

#include <chrono>
#include <span>

namespace certrelay {

// The smallest time that at least `percent` of the cases did not exceed. `sorted` is not empty.
inline std::chrono::milliseconds percentile(std::span<const std::chrono::milliseconds> sorted,
                                            std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[rank == 0 ? 0 : rank - 1];
}

}  // namespace certrelay
