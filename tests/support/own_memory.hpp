// Flips bits in this very process's memory, as a failing memory chip would.
#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay::testing {

// Turns one bit of the byte `offset` behind each place of the process's writable memory where
// `pattern` begins, except at `pattern` itself. Returns how many. By the kernel, so that a
// sanitizer does not mind.
std::size_t flip_copies(ByteView pattern, std::size_t offset);

}  // namespace certrelay::testing
