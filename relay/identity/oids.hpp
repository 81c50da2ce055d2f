// Object identifiers as their content octets, and the way to them from dotted text.
#pragma once

#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay::oid {

using namespace std::string_view_literals;

// id-ce 2.5.29.n
inline constexpr std::string_view kSubjectKeyId = "\x55\x1D\x0E"sv;
inline constexpr std::string_view kKeyUsage = "\x55\x1D\x0F"sv;
inline constexpr std::string_view kSubjectAltName = "\x55\x1D\x11"sv;
inline constexpr std::string_view kIssuerAltName = "\x55\x1D\x12"sv;
inline constexpr std::string_view kBasicConstraints = "\x55\x1D\x13"sv;
inline constexpr std::string_view kCrlNumber = "\x55\x1D\x14"sv;
inline constexpr std::string_view kReasonCode = "\x55\x1D\x15"sv;
inline constexpr std::string_view kInvalidityDate = "\x55\x1D\x18"sv;
inline constexpr std::string_view kDeltaCrlIndicator = "\x55\x1D\x1B"sv;
inline constexpr std::string_view kIssuingDistributionPoint = "\x55\x1D\x1C"sv;
inline constexpr std::string_view kCertificateIssuer = "\x55\x1D\x1D"sv;
inline constexpr std::string_view kNameConstraints = "\x55\x1D\x1E"sv;
inline constexpr std::string_view kCrlDistributionPoints = "\x55\x1D\x1F"sv;
inline constexpr std::string_view kCertificatePolicies = "\x55\x1D\x20"sv;
inline constexpr std::string_view kAnyPolicy = "\x55\x1D\x20\x00"sv;
inline constexpr std::string_view kPolicyMappings = "\x55\x1D\x21"sv;
inline constexpr std::string_view kAuthorityKeyId = "\x55\x1D\x23"sv;
inline constexpr std::string_view kPolicyConstraints = "\x55\x1D\x24"sv;
inline constexpr std::string_view kAnyExtendedKeyUsage = "\x55\x1D\x25\x00"sv;
inline constexpr std::string_view kExtendedKeyUsage = "\x55\x1D\x25"sv;
inline constexpr std::string_view kInhibitAnyPolicy = "\x55\x1D\x36"sv;
// id-kp-clientAuth 1.3.6.1.5.5.7.3.2
inline constexpr std::string_view kClientAuth = "\x2B\x06\x01\x05\x05\x07\x03\x02"sv;
// rsaEncryption, id-ecPublicKey and the two curves
inline constexpr std::string_view kRsa = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"sv;
// id-pkix 1.3.6.1.5.5.7: access to information, and OCSP (RFC 6960)
inline constexpr std::string_view kAuthorityInfoAccess = "\x2B\x06\x01\x05\x05\x07\x01\x01"sv;
// Qualifiers of policies: id-qt-cps, id-qt-unotice
inline constexpr std::string_view kPracticePointer = "\x2B\x06\x01\x05\x05\x07\x02\x01"sv;
inline constexpr std::string_view kUserNotice = "\x2B\x06\x01\x05\x05\x07\x02\x02"sv;
inline constexpr std::string_view kOcspSigning = "\x2B\x06\x01\x05\x05\x07\x03\x09"sv;
inline constexpr std::string_view kOcspBasic = "\x2B\x06\x01\x05\x05\x07\x30\x01\x01"sv;
inline constexpr std::string_view kOcspNonce = "\x2B\x06\x01\x05\x05\x07\x30\x01\x02"sv;
inline constexpr std::string_view kOcspNoCheck = "\x2B\x06\x01\x05\x05\x07\x30\x01\x05"sv;
inline constexpr std::string_view kSha1 = "\x2B\x0E\x03\x02\x1A"sv;
inline constexpr std::string_view kSha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"sv;

inline constexpr std::string_view kEcPublicKey = "\x2A\x86\x48\xCE\x3D\x02\x01"sv;
inline constexpr std::string_view kP256 = "\x2A\x86\x48\xCE\x3D\x03\x01\x07"sv;
inline constexpr std::string_view kP384 = "\x2B\x81\x04\x00\x22"sv;

// "1.2.392.200149.8.5.1.3.30" to content octets. Errors: kMalformed (two to 32 arcs, each below
// 2^63, no leading zero).
Result<Bytes> from_dotted(std::string_view text);

}  // namespace certrelay::oid
