#include "tests/support/path_suite.hpp"

#include "protocol/base/sha256.hpp"
#include "relay/identity/oids.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kBasicConstraints = "2.5.29.19", kKeyUsage = "2.5.29.15",
                           kPolicies = "2.5.29.32", kPolicyConstraints = "2.5.29.36",
                           kInhibitAny = "2.5.29.54", kSubjectKeyId = "2.5.29.14",
                           kAuthorityKeyId = "2.5.29.35", kCrlNumber = "2.5.29.20";

Bytes text_bytes(std::string_view text) { return {text.begin(), text.end()}; }
Bytes oid_der(std::string_view dotted) { return der_of(0x06, {oid::from_dotted(dotted).value()}); }
Bytes number(std::uint8_t tag, int value) {
  return der_of(tag, {{static_cast<std::uint8_t>(value)}});
}
Bytes ecdsa_sha256() { return from_hex("300a06082a8648ce3d040302").value(); }
Bytes or_else(const Bytes& given, Bytes otherwise) { return given.empty() ? otherwise : given; }

Bytes extension_der(const SuiteExtension& one) {
  std::vector<Bytes> parts{oid_der(one.oid)};
  if (one.critical) parts.push_back(der_of(0x01, {{0xFF}}));
  parts.push_back(der_of(0x04, {one.value}));
  return der_of(0x30, parts);
}

Bytes extensions_der(const std::vector<SuiteExtension>& list) {
  std::vector<Bytes> parts;
  parts.reserve(list.size());
  for (const auto& one : list) parts.push_back(extension_der(one));
  return der_of(0x30, parts);
}

Bytes key_id_of(const PkiKey& key) {
  const auto digest = sha256(key.public_key_der());
  return {digest.begin(), digest.begin() + 20};
}

void add_policy_extensions(const SuiteCertificate& spec, std::vector<SuiteExtension>& out) {
  if (!spec.policies.empty()) {
    std::vector<Bytes> policies;
    for (const auto& policy : spec.policies) {
      policies.push_back(der_of(0x30, {oid_der(suite_policy_oid(policy))}));
    }
    out.push_back({std::string(kPolicies), false, der_of(0x30, policies)});
  }
  if (spec.require_explicit || spec.inhibit_mapping) {
    std::vector<Bytes> parts;
    if (spec.require_explicit) parts.push_back(number(0x80, *spec.require_explicit));
    if (spec.inhibit_mapping) parts.push_back(number(0x81, *spec.inhibit_mapping));
    out.push_back({std::string(kPolicyConstraints), true, der_of(0x30, parts)});
  }
  if (spec.inhibit_any) {
    out.push_back({std::string(kInhibitAny), true, number(0x02, *spec.inhibit_any)});
  }
}

std::vector<SuiteExtension> extensions_of(const SuiteCertificate& spec, const PkiKey& own,
                                          const PkiKey& issuer) {
  std::vector<SuiteExtension> out;
  if (spec.write_key_ids) {
    out.push_back({std::string(kSubjectKeyId), false, der_of(0x04, {key_id_of(own)})});
    out.push_back(
        {std::string(kAuthorityKeyId), false, der_of(0x30, {der_of(0x80, {key_id_of(issuer)})})});
  }
  if (spec.write_basic_constraints && (spec.is_authority || spec.path_length)) {
    std::vector<Bytes> parts;
    if (spec.is_authority) parts.push_back(der_of(0x01, {{0xFF}}));
    if (spec.path_length) parts.push_back(number(0x02, *spec.path_length));
    out.push_back(
        {std::string(kBasicConstraints), spec.basic_constraints_critical, der_of(0x30, parts)});
  }
  if (spec.key_usage && *spec.key_usage != 0) {
    std::uint8_t unused = 0;
    while ((*spec.key_usage >> unused & 1U) == 0) ++unused;
    out.push_back({std::string(kKeyUsage), spec.key_usage_critical,
                   der_of(0x03, {{unused, static_cast<std::uint8_t>(*spec.key_usage)}})});
  }
  add_policy_extensions(spec, out);
  out.insert(out.end(), spec.more.begin(), spec.more.end());
  return out;
}

Bytes entry_der(const SuiteEntry& entry) {
  std::vector<Bytes> parts{der_of(0x02, {entry.serial}), suite_utc("260101000000Z")};
  if (!entry.extensions.empty()) parts.push_back(extensions_der(entry.extensions));
  return der_of(0x30, parts);
}

}  // namespace

std::string suite_policy_oid(const std::string& policy) {
  return policy == "any" ? "2.5.29.32.0" : "2.16.840.1.101.3.2.1.48." + policy;
}

Bytes suite_utc(std::string_view digits) { return der_of(0x17, {text_bytes(digits)}); }
Bytes suite_generalized(std::string_view digits) { return der_of(0x18, {text_bytes(digits)}); }

Bytes suite_attribute(std::string_view type, std::uint8_t tag, std::string_view value) {
  const auto* dotted = type == "C" ? "2.5.4.6" : type == "O" ? "2.5.4.10" : "2.5.4.3";
  return der_of(0x31, {der_of(0x30, {oid_der(dotted), der_of(tag, {text_bytes(value)})})});
}

Bytes suite_name(const std::string& common_name) {
  return der_of(0x30,
                {suite_attribute("C", 0x13, "US"), suite_attribute("O", 0x13, "Test Certificates"),
                 suite_attribute("CN", 0x13, common_name)});
}

const PkiKey& PathSuite::key(const std::string& name) {
  const auto found = keys_.find(name);
  if (found != keys_.end()) return found->second;
  return keys_.emplace(name, PkiKey::generate(PkiKeyKind::kEcP256).value()).first->second;
}

Bytes PathSuite::sign(const Bytes& tbs, const Bytes& algorithm, const PkiKey& key,
                      bool break_it) const {
  auto signature = key.sign(tbs).value();
  if (break_it) signature.back() ^= 0x01;
  return der_of(0x30, {tbs, or_else(algorithm, ecdsa_sha256()), der_of(0x03, {{0x00}, signature})});
}

Bytes PathSuite::certificate(const SuiteCertificate& spec) {
  const auto& own = key(spec.key.empty() ? spec.subject : spec.key);
  const auto& issuer = key(spec.issuer_key.empty() ? spec.issuer : spec.issuer_key);
  const auto fresh = ++next_serial_;
  const auto tbs = der_of(
      0x30, {der_of(0xA0, {der_of(0x02, {spec.version})}),
             der_of(0x02, {or_else(spec.serial, {static_cast<std::uint8_t>(fresh >> 8),
                                                 static_cast<std::uint8_t>(fresh & 0xFF)})}),
             or_else(spec.inner_algorithm, or_else(spec.algorithm, ecdsa_sha256())),
             or_else(spec.issuer_name, suite_name(spec.issuer)),
             der_of(0x30, {or_else(spec.not_before, suite_utc("250101000000Z")),
                           or_else(spec.not_after, suite_utc("301231235959Z"))}),
             or_else(spec.subject_name, suite_name(spec.subject)), own.public_key_der(),
             spec.unique_ids, der_of(0xA3, {extensions_der(extensions_of(spec, own, issuer))})});
  return sign(tbs, spec.algorithm, issuer, spec.break_signature);
}

Bytes PathSuite::list(const SuiteList& spec) {
  const auto& own = key(spec.key.empty() ? spec.issuer : spec.key);
  std::vector<Bytes> entries;
  for (const auto& entry : spec.entries) entries.push_back(entry_der(entry));
  std::vector<SuiteExtension> extensions{
      {std::string(kAuthorityKeyId), false, der_of(0x30, {der_of(0x80, {key_id_of(own)})})}};
  if (spec.number)
    extensions.push_back({std::string(kCrlNumber), false, number(0x02, *spec.number)});
  extensions.insert(extensions.end(), spec.more.begin(), spec.more.end());
  const auto tbs = der_of(0x30, {der_of(0x02, {{0x01}}), ecdsa_sha256(),
                                 or_else(spec.issuer_name, suite_name(spec.issuer)),
                                 or_else(spec.this_update, suite_utc("261101000000Z")),
                                 or_else(spec.next_update, suite_utc("261201000000Z")),
                                 entries.empty() ? Bytes{} : der_of(0x30, entries),
                                 der_of(0xA0, {extensions_der(extensions)})});
  return sign(tbs, {}, own, spec.break_signature);
}

}  // namespace certrelay
