#pragma once

#include <algorithm>

#include "protocol/base/bytes.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {

// A key or other secret of N bytes: move-only, wiped when it dies or is moved from, never printed.
template <std::size_t N>
class Secret {
 public:
  // Copies `bytes` (exactly N, CHECK); the caller wipes its own copy.
  explicit Secret(ByteView bytes) {
    CERTRELAY_CHECK(bytes.size() == N);
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(bytes_); }

  // For the one call that uses the key. Do not keep the view.
  std::span<const std::uint8_t, N> reveal() const { return bytes_; }

 private:
  std::array<std::uint8_t, N> bytes_{};
};

using Key256 = Secret<32>;

}  // namespace certrelay
