// A certificate as this room reads it: X.509 v3, strict DER, every extension known or refused.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/time.hpp"
#include "relay/identity/authority_key_id.hpp"
#include "relay/identity/crl_scope.hpp"

namespace certrelay {

inline constexpr std::size_t kCertificateBytesMax = std::size_t{16} * 1024;
inline constexpr std::size_t kExtensionsMax = 32;
inline constexpr std::size_t kPoliciesMax = 32;
inline constexpr std::size_t kSerialOctetsMax = 20;  // RFC 5280 §4.1.2.2

// Bits of KeyUsage (RFC 5280 §4.2.1.3), the first octet in the low byte as it is sent.
namespace key_usage {
inline constexpr unsigned kDigitalSignature = 0x80, kCertSign = 0x04, kCrlSign = 0x02;
}  // namespace key_usage

struct BasicConstraints {
  bool critical = false;
  bool is_authority = false;
  std::optional<std::uint64_t> path_length;
};

struct KeyUsage {
  bool critical = false;
  unsigned bits = 0;
};

struct PolicyInformation {
  bool critical = false;
  std::vector<ByteView> oids;  // content octets; no duplicates
};

// Views the DER it was read from, which must outlive it.
struct CertificateView {
  ByteView whole;
  ByteView tbs;
  ByteView serial;   // content octets
  ByteView issuer;   // whole Name
  ByteView subject;  // whole Name
  ByteView spki;     // whole SubjectPublicKeyInfo
  ByteView signature_algorithm;
  ByteView signature;
  UtcTime not_before;
  UtcTime not_after;

  std::optional<BasicConstraints> basic_constraints;
  std::optional<KeyUsage> key_usage;
  std::optional<PolicyInformation> policies;
  std::optional<std::vector<ByteView>> extended_key_usage;
  std::optional<ByteView> subject_key_id;
  std::optional<ByteView> authority_key_id;
  std::optional<NamedCertificate> authority_certificate;
  std::optional<std::uint64_t> require_explicit_policy;
  std::optional<std::uint64_t> inhibit_any_policy;
  std::vector<DistributionPoint> distribution_points;
  bool has_critical_distribution_points = false;
  bool has_policy_mappings = false;
  bool has_name_constraints = false;
  bool has_critical_alternative_name = false;
  bool has_unique_ids = false;        // X.509 v2's, which nobody should write any more
  bool has_soft_policy_rule = false;  // a constraint on policies that is not critical
  bool has_ocsp_no_check = false;     // RFC 6960 §4.2.2.2.1
};

// Everything above, and no signature, date or rule checked. Errors: kCertificateMalformed,
// -Version, -Serial, -ExtensionTwice, -ExtensionUnknown, -ExtensionMalformed, -AlgorithmsDiffer.
Result<CertificateView> parse_certificate(ByteView der);

}  // namespace certrelay
