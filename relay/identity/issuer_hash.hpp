#pragma once

#include "relay/identity/der.hpp"

namespace certrelay {

// How OCSP names an issuer: by a digest of its name and of its key. SHA-1 is what responders
// speak (RFC 6960 §4.3, RFC 5019 §2.1.1); it finds a certificate here and proves nothing.
enum class IssuerHashAlgorithm : std::uint8_t { kSha1, kSha256 };

Bytes issuer_hash(IssuerHashAlgorithm algorithm, ByteView bytes);

// The key's octets in a whole SubjectPublicKeyInfo: what key hashes are made of. Errors:
// kCertificateMalformed.
Result<ByteView> public_key_octets(ByteView spki);

}  // namespace certrelay
