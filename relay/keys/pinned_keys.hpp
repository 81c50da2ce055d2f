#pragma once

#include <vector>

#include "relay/keys/public_key.hpp"

namespace certrelay {

// The keys that a verifier trusts. Errors: kKeyUnusable, kLimitExceeded (none or over `max`),
// kDuplicateValue.
Result<std::vector<PublicKey>> pinned_keys(const std::vector<std::string>& pems, KeyType type,
                                           std::size_t max);

// The key of that id, never null; lives as long as `keys` is unchanged. Errors: kUnknownSigner.
Result<const PublicKey*> key_of(const std::vector<PublicKey>& keys, std::string_view id);

}  // namespace certrelay
