#pragma once

#include <memory>

#include "protocol/base/sha256.hpp"
#include "protocol/ids/values.hpp"

struct evp_pkey_st;

namespace certrelay {

// Algorithms of signatures on certificates, lists and payloads; SHA-1 and all others are refused.
enum class SignatureAlgorithm : std::uint8_t {
  kRsaSha256,
  kRsaSha384,
  kRsaSha512,
  kEcdsaSha256,
  kEcdsaSha384,
};

inline constexpr std::uint64_t kRsaExponentMin = 65537;
inline constexpr std::uint64_t kRsaExponentMax = std::uint64_t{1} << 32;

// Which keys and algorithms a profile accepts. The defaults are JPKI's: RSA-2048 with SHA-256 and
// P-384 with SHA-384, nothing else.
struct KeyRules {
  bool rsa = true;
  std::size_t rsa_bits_min = 2048;
  std::size_t rsa_bits_max = 2048;
  std::uint64_t rsa_exponent_max = kRsaExponentMax;
  bool p384 = true;
  bool p256 = false;
  bool other_digests = false;  // RSA with SHA-384 and SHA-512, ECDSA with SHA-256
};

// A whole AlgorithmIdentifier. Errors: `code`.
Result<SignatureAlgorithm> parse_signature_algorithm(ByteView whole, const KeyRules& rules,
                                                     ErrorCode code);
SignatureAlgorithm signature_algorithm_of(CardAlgorithm algorithm);

// A checked public key of a card or its authority (relay/keys has PublicKey for pinned ones).
// Immutable; may be used from any thread.
class CardPublicKey {
 public:
  // `spki`: a whole SubjectPublicKeyInfo. RSA: odd modulus within the rules' bits, odd exponent of
  // 65537 to the rules' bound. Elliptic: a named curve, an uncompressed point on it. Built with
  // EVP_PKEY_fromdata, a fortieth of what OpenSSL's own decoder costs.
  // Errors: kPublicKeyUnsupported, kPublicKeyOutOfBounds, kCertificateMalformed.
  static Result<CardPublicKey> from_spki(ByteView spki, const KeyRules& rules);
  // The same questions but one, and no key is built: whether a point lies on its curve is open.
  static Result<void> check_spki(ByteView spki, const KeyRules& rules);

  // Whether that is the one algorithm of such a key here: P-256 with SHA-256, P-384 with SHA-384.
  bool fits(SignatureAlgorithm algorithm) const;
  // Whether a signature has the form that the algorithm gives it: RSA's length (RFC 8017 §8.2.2),
  // ECDSA's two positive numbers of the curve's size in DER (RFC 3279 §2.2.3). Says why one that
  // does not verify is none; verifies() needs no such help.
  bool is_signature_form(ByteView signature) const;
  // False for a signature that does not verify and for an algorithm that is not the key's kind.
  bool verifies(SignatureAlgorithm algorithm, ByteView signed_bytes, ByteView signature) const;

 private:
  enum class Kind : std::uint8_t { kRsa, kP256, kP384 };
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, Free>;
  CardPublicKey(Kind kind, Handle key) : kind_(kind), key_(std::move(key)) {}
  Kind kind_;
  Handle key_;
};

}  // namespace certrelay
