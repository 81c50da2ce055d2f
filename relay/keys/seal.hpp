#pragma once

#include "protocol/base/secret.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

// AES-256-GCM with a random 96-bit nonce: nonce, ciphertext, tag. `context` is authenticated, not
// stored: it says where the bytes belong, so that displaced ones do not open. One key seals far
// below 2^32 messages, the bound for random nonces (NIST SP 800-38D §8.3).
inline constexpr std::size_t kSealNonceSize = 12;
inline constexpr std::size_t kSealTagSize = 16;
inline constexpr std::size_t kSealOverhead = kSealNonceSize + kSealTagSize;

Bytes seal(const Key256& key, ByteView context, ByteView plaintext, Entropy& entropy);
// Errors: kSealBroken.
Result<Bytes> open_sealed(const Key256& key, ByteView context, ByteView sealed);

// HMAC-SHA-256 (FIPS 198-1).
std::array<std::uint8_t, 32> hmac_sha256(const Key256& key, ByteView message);

// A fresh random key.
Key256 random_key(Entropy& entropy);

}  // namespace certrelay
