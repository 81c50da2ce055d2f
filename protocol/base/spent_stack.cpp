#include "protocol/base/spent_stack.hpp"

#include <array>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Never inlined: the array must lie where the frames of the functions that have returned lay.
[[gnu::noinline]] void wipe_spent_stack() {
  std::array<std::uint8_t, kSpentStack> spent;  // NOLINT(*-member-init): wiped is all it is
  wipe(spent);
}

}  // namespace certrelay
