#include "relay/env/system_entropy.hpp"

#include <sys/random.h>

#include <cerrno>

#include "protocol/base/check.hpp"

namespace certrelay {

void SystemEntropy::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    CERTRELAY_CHECK(got > 0);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace certrelay
