#pragma once

namespace certrelay {

// Linking this file replaces operator delete. OpenSSL's own allocator is set by this call, which
// must come before OpenSSL's first allocation.
void wipe_what_openssl_frees();

}  // namespace certrelay
