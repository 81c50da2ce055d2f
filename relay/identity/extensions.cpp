#include "relay/identity/extensions.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "relay/identity/oids.hpp"

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
  BasicConstraints read;
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
  const auto content = bits.content;
  if (content.size() < 2 || content.size() > 3 || content[0] > 7 ||
      (content.back() & ((1U << content[0]) - 1)) != 0) {
    return Error{kBad, "key usage"};
  }
  const unsigned second = content.size() == 3 ? content[2] : 0U;
  out.key_usage = KeyUsage{extension.critical, content[1] | second << 8};
  if (out.key_usage->bits == 0) return Error{kBad, "key usage: empty"};
  return ok();
}

Result<void> read_policies(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  PolicyInformation read{extension.critical, {}};
  while (!in.at_end()) {
    CERTRELAY_TRY(auto one, in.enter(der_tag::kSequence));
    CERTRELAY_TRY(const auto policy, one.expect_oid());
    if (!one.at_end()) {  // qualifiers: texts only
      CERTRELAY_TRY(one.expect(der_tag::kSequence));
    }
    CERTRELAY_TRY(one.expect_end());
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

Result<void> read_policy_constraints(const ExtensionView& extension, CertificateView& out) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  if (in.at_end()) return Error{kBad, "policy constraints: empty"};
  if (in.next_is(0x80)) {
    CERTRELAY_TRY(const auto number, in.any());
    CERTRELAY_TRY(out.require_explicit_policy, der_unsigned(number.content, kBad));
  }
  if (in.next_is(0x81)) {
    // inhibitPolicyMapping: read for its form; mappings themselves are always refused.
    CERTRELAY_TRY(const auto number, in.any());
    CERTRELAY_TRY(der_unsigned(number.content, kBad));
  }
  return in.expect_end();
}

Result<void> read_inhibit_any_policy(const ExtensionView& extension, CertificateView& out) {
  DerReader in(extension.value, kBad);
  CERTRELAY_TRY(const auto number, in.expect(der_tag::kInteger));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(out.inhibit_any_policy, der_unsigned(number.content, kBad));
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
  CERTRELAY_TRY(out.authority_key_id, read_authority_key_id(extension.value, kBad));
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

// Other names take no part in what this room decides.
Result<void> read_issuer_names(const ExtensionView& extension, CertificateView& /*out*/) {
  CERTRELAY_TRY(auto in, only_sequence(extension.value));
  if (in.at_end()) return Error{kBad, "names: empty"};
  return ok();
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

constexpr std::array<Known, 12> kKnown{{
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

Result<std::optional<ByteView>> read_authority_key_id(ByteView value, ErrorCode code) {
  DerReader outer(value, code);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  std::optional<ByteView> id;
  if (in.next_is(0x80)) {
    CERTRELAY_TRY(const auto given, in.any());
    id = given.content;
  }
  if (in.next_is(0xA1)) {  // authorityCertIssuer: a hint we do not need
    CERTRELAY_TRY(in.any());
  }
  if (in.next_is(0x82)) {  // authorityCertSerialNumber: likewise
    CERTRELAY_TRY(in.any());
  }
  CERTRELAY_TRY(in.expect_end());
  return id;
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
