// Internal to relay/keys.
#pragma once

#include <sodium.h>

#include "protocol/base/check.hpp"

namespace certrelay {

// libsodium must be told to start; 1 says that it has been already.
inline void start_sodium() { CERTRELAY_CHECK(sodium_init() >= 0); }

}  // namespace certrelay
