// OCSP (RFC 6960) as this relay speaks it: a request for one certificate, and an answer read
// strictly and believed for nothing until ocsp_check.hpp has looked at it.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "relay/identity/issuer_hash.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

inline constexpr std::size_t kOcspBytesMax = std::size_t{16} * 1024;
inline constexpr std::size_t kOcspResponsesMax = 16;    // certificates in one answer
inline constexpr std::size_t kOcspCertificatesMax = 4;  // that come with it
using OcspNonce = std::array<std::uint8_t, 32>;         // RFC 8954: 1 to 32 octets, ours are 32

// DER of an OCSPRequest for one certificate, named by SHA-1 of its issuer. `issuer_name`: a whole
// Name; `issuer_spki`: a whole SubjectPublicKeyInfo; `serial`: content octets.
// Errors: kCertificateMalformed (the key).
Result<Bytes> make_ocsp_request(ByteView issuer_name, ByteView issuer_spki, ByteView serial,
                                const OcspNonce& nonce);

// What one request asks, as a responder reads it; for test responders and fuzzing.
struct OcspQuestion {
  IssuerHashAlgorithm hash = IssuerHashAlgorithm::kSha1;
  ByteView issuer_name_hash, issuer_key_hash, serial;
};

enum class OcspStatus : std::uint8_t { kGood, kRevoked, kUnknown };

// One certificate's status. Views the answer.
struct OcspSingle {
  OcspQuestion of;
  OcspStatus status = OcspStatus::kUnknown;
  bool on_hold = false;  // revoked, with the reason certificateHold
  UtcTime this_update;
  std::optional<UtcTime> next_update;
};

// A BasicOCSPResponse that was read and that nobody has checked. Views the DER.
struct OcspAnswer {
  ByteView whole;
  ByteView tbs;
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRsaSha256;
  ByteView signature;
  std::optional<ByteView> responder_name;      // whole Name, or
  std::optional<ByteView> responder_key_hash;  // SHA-1 of the key's octets
  UtcTime produced_at;
  std::vector<OcspSingle> responses;
  std::optional<ByteView> nonce;
  std::vector<ByteView> certificates;  // whole, unread
};

// Errors: kOcspMalformed, kOcspNotSuccessful, kOcspAlgorithm, kOcspExtensionUnknown.
Result<OcspAnswer> parse_ocsp_answer(ByteView der, const KeyRules& rules);

}  // namespace certrelay
