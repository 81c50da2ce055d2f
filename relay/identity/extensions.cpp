#include "relay/identity/extensions.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "relay/identity/general_names.hpp"
#include "relay/identity/oids.hpp"
#include "relay/identity/policy_qualifiers.hpp"

namespace certrelay {
namespace {

constexpr auto kBad = ErrorCode::kCertificateExtensionMalformed;

bool contains(const std::vector<ByteView>& list, ByteView wanted) {
  return std::any_of(list.begin(), list.end(),
                     [&](ByteView one) { return same_bytes(one, wanted); });
}

Result<DerReader> only_sequence(ByteView value) {
  DerReader in(value, kBad);
  CERTRELAY_TRY(auto content, in.enter(der_tag::kSequence));
  CERTRELAY_TRY(in.expect_end());
  return content;
}

Result<void> read_basic_constraints(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  BasicConstraints read{.critical = extension.critical, .is_authority = false, .path_length = {}};
  if (in.next_is(der_tag::kBoolean)) {
    CERTRELAY_TRY(const auto flag, in.any());
    CERTRELAY_TRY(read.is_authority, der_boolean(flag.content, kBad));
  }
  if (!in.at_end()) {
    CERTRELAY_TRY(const auto length, in.expect(der_tag::kInteger));
    CERTRELAY_TRY(read.path_length, der_unsigned(length.content, kBad));
    // RFC 5280 §4.2.1.9: only where CA is true.
    if (!read.is_authority) return Error{kBad, "basic constraints: path length of a leaf"};
  }
  out.basic_constraints = read;
  return in.expect_end();
}

Result<void> read_key_usage(const ExtensionView& extension, CertificateView& out) {
  DerReader in(extension.value, kBad);
  CERTRELAY_TRY(const auto bits, in.expect(der_tag::kBitString));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(const auto flags, der_flags(bits.content, kBad));
  out.key_usage = KeyUsage{extension.critical, flags};
  if (out.key_usage->bits == 0) return Error{kBad, "key usage: empty"};
  return ok();
}

Result<void> read_policies(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  PolicyInformation read{extension.critical, {}};
  while (!in.at_end()) {
    CERTRELAY_TRY(auto one, in.enter(der_tag::kSequence));
    CERTRELAY_TRY(const auto policy, one.expect_oid());
    if (!one.at_end()) {
      CERTRELAY_TRY(check_policy_qualifiers(one, extension.critical));
    }
    if (contains(read.oids, policy) || read.oids.size() == kPoliciesMax) {
      return Error{kBad, "policies: twice, or too many"};
    }
    read.oids.push_back(policy);
  }
  if (read.oids.empty()) return Error{kBad, "policies: empty"};
  out.policies = std::move(read);
  return ok();
}

Result<void> read_extended_key_usage(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  std::vector<ByteView> purposes;
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto purpose, in.expect_oid());
    if (purposes.size() == kPoliciesMax) return Error{kBad, "extended key usage: too many"};
    purposes.push_back(purpose);
  }
  if (purposes.empty()) return Error{kBad, "extended key usage: empty"};
  out.extended_key_usage = std::move(purposes);
  return ok();
}

// A rule on policies that is not critical may be skipped by whoever reads it, which its issuer may
// not want (§4.2.1.11, §4.2.1.14). It is kept at its strictest: from the next certificate on.
Result<std::uint64_t> read_policy_rule(const ExtensionView& extension, ByteView number,
                                       CertificateView& out) {
  CERTRELAY_TRY(const auto stated, der_unsigned(number, kBad));
  if (extension.critical) return stated;
  out.has_soft_policy_rule = true;
  return std::uint64_t{0};
}

Result<void> read_policy_constraints(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  if (in.at_end()) return Error{kBad, "policy constraints: empty"};
  if (in.next_is(0x80)) {
    CERTRELAY_TRY(const auto number, in.any());
    CERTRELAY_TRY(out.require_explicit_policy, read_policy_rule(extension, number.content, out));
  }
  if (in.next_is(0x81)) {
    // inhibitPolicyMapping: read for its form; mappings themselves are always refused.
    CERTRELAY_TRY(const auto number, in.any());
    CERTRELAY_TRY(read_policy_rule(extension, number.content, out));
  }
  return in.expect_end();
}

Result<void> read_inhibit_any_policy(const ExtensionView& extension, CertificateView& out) {
  DerReader in(extension.value, kBad);
  CERTRELAY_TRY(const auto number, in.expect(der_tag::kInteger));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(out.inhibit_any_policy, read_policy_rule(extension, number.content, out));
  return ok();
}

Result<void> read_subject_key_id(const ExtensionView& extension, CertificateView& out) {
  DerReader in(extension.value, kBad);
  CERTRELAY_TRY(const auto id, in.expect(der_tag::kOctetString));
  CERTRELAY_TRY(in.expect_end());
  out.subject_key_id = id.content;
  return ok();
}

Result<void> note_authority_key_id(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto read, read_authority_key_id(extension.value, kBad));
  out.authority_key_id = read.key_id;
  out.authority_certificate = std::move(read.certificate);
  return ok();
}

Result<void> note_policy_mappings(const ExtensionView& /*extension*/, CertificateView& out) {
  out.has_policy_mappings = true;  // path.cpp refuses
  return ok();
}

Result<void> note_name_constraints(const ExtensionView& /*extension*/, CertificateView& out) {
  out.has_name_constraints = true;  // path.cpp refuses
  return ok();
}

Result<void> read_issuer_names(const ExtensionView& extension, CertificateView& /*out*/) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  if (in.at_end()) return Error{kBad, "names: empty"};
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto name, in.any());
    CERTRELAY_TRY(check_general_name(name, kBad));
  }
  return ok();
}

// Where to ask about a certificate: nobody here follows it, its form is checked.
Result<void> read_information_access(const ExtensionView& extension, CertificateView& /*out*/) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  if (in.at_end()) return Error{kBad, "information access: empty"};
  while (!in.at_end()) {
    CERTRELAY_TRY(auto one, in.enter(der_tag::kSequence));
    CERTRELAY_TRY(one.expect_oid());
    CERTRELAY_TRY(const auto name, one.any());
    CERTRELAY_TRY(check_general_name(name, kBad));
    CERTRELAY_TRY(one.expect_end());
  }
  return ok();
}

Result<void> note_distribution_points(const ExtensionView& extension, CertificateView& out) {
  out.has_critical_distribution_points = extension.critical;
  CERTRELAY_TRY(out.distribution_points, read_distribution_points(extension.value, out.issuer));
  return ok();
}

Result<void> note_ocsp_no_check(const ExtensionView& extension, CertificateView& out) {
  DerReader in(extension.value, kBad);
  CERTRELAY_TRY(in.expect_null());
  out.has_ocsp_no_check = true;
  return in.expect_end();
}

Result<void> read_subject_names(const ExtensionView& extension, CertificateView& out) {
  out.has_critical_alternative_name = extension.critical;
  return read_issuer_names(extension, out);
}

struct Known {
  std::string_view oid;
  bool may_be_critical;  // RFC 5280 §4.2.1: key identifiers must not be
  Result<void> (*read)(const ExtensionView&, CertificateView&);
};

constexpr std::array<Known, 15> kKnown{{
    {oid::kBasicConstraints, true, read_basic_constraints},
    {oid::kKeyUsage, true, read_key_usage},
    {oid::kCertificatePolicies, true, read_policies},
    {oid::kExtendedKeyUsage, true, read_extended_key_usage},
    {oid::kPolicyConstraints, true, read_policy_constraints},
    {oid::kInhibitAnyPolicy, true, read_inhibit_any_policy},
    {oid::kSubjectKeyId, false, read_subject_key_id},
    {oid::kAuthorityKeyId, false, note_authority_key_id},
    {oid::kPolicyMappings, true, note_policy_mappings},
    {oid::kNameConstraints, true, note_name_constraints},
    {oid::kSubjectAltName, true, read_subject_names},
    {oid::kIssuerAltName, true, read_issuer_names},
    {oid::kAuthorityInfoAccess, false, read_information_access},
    {oid::kCrlDistributionPoints, true, note_distribution_points},
    {oid::kOcspNoCheck, true, note_ocsp_no_check},
}};

}  // namespace

Result<std::vector<ExtensionView>> read_extension_list(DerReader list) {
  std::vector<ExtensionView> out;
  if (list.at_end()) return list.error("extensions: empty");
  out.reserve(12);
  while (!list.at_end()) {
    CERTRELAY_TRY(auto one, list.enter(der_tag::kSequence));
    CERTRELAY_TRY(const auto id, one.expect_oid());
    ExtensionView extension{id, false, {}};
    if (one.next_is(der_tag::kBoolean)) {
      CERTRELAY_TRY(const auto flag, one.any());
      CERTRELAY_TRY(extension.critical, der_boolean(flag.content, one.code()));
    }
    CERTRELAY_TRY(const auto value, one.expect(der_tag::kOctetString));
    CERTRELAY_TRY(one.expect_end());
    extension.value = value.content;
    if (out.size() == kExtensionsMax) return list.error("extensions: too many");
    for (const auto& other : out) {
      if (same_bytes(other.oid, extension.oid)) {
        return Error{ErrorCode::kCertificateExtensionTwice, "extensions: twice"};
      }
    }
    out.push_back(extension);
  }
  return out;
}

Result<void> apply_extension(const ExtensionView& extension, CertificateView& out) {
  const auto id = as_text(extension.oid);
  const auto* known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.oid == id; });
  if (known == kKnown.end()) {
    if (!extension.critical) return ok();
    return Error{ErrorCode::kCertificateExtensionUnknown, "extension: unknown and critical"};
  }
  if (extension.critical && !known->may_be_critical) return Error{kBad, "extension: critical"};
  return known->read(extension, out);
}

}  // namespace certrelay
