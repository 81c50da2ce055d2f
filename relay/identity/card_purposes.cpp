#include "relay/identity/card_purposes.hpp"

#include <algorithm>

#include "protocol/base/der_writer.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMendPolicies =
    "write 1 to 32 object identifiers in dotted form, each once, such as "
    "\"1.2.392.200149.8.5.1.3.30\"";
constexpr std::string_view kMendAnyPolicy =
    "anyPolicy (2.5.29.32.0) accepts every certificate; name the policies of your cards";
constexpr std::string_view kMendTwoPurposes =
    "a policy of signing certificates is never one of authentication certificates; remove it";
constexpr std::string_view kMendAlgorithms =
    "write rsa-pkcs1-sha256, ecdsa-p384-sha384 or both, each once";
constexpr std::string_view kMendExponent = "write a number from 65537 to 4294967296";
constexpr std::string_view kMendNoRsa =
    "no RSA is among the algorithms; leave this key out or add rsa-pkcs1-sha256";
constexpr std::string_view kMendCount = "write 1 to 8 generations";

template <class T>
bool holds_twice(const std::vector<T>& list) {
  for (auto one = list.begin(); one != list.end(); ++one) {
    if (std::find(one + 1, list.end(), *one) != list.end()) return true;
  }
  return false;
}

template <class T>
bool holds(const std::vector<T>& list, const T& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

// Empty: nothing is wrong.
std::string_view fault_of_policies(const std::vector<std::string>& policies) {
  if (policies.empty() || policies.size() > kCardPoliciesMax || holds_twice(policies)) {
    return kMendPolicies;
  }
  for (const auto& policy : policies) {
    const auto oid = oid::from_dotted(policy);
    if (!oid) return kMendPolicies;
    if (as_text(oid.value()) == oid::kAnyPolicy) return kMendAnyPolicy;
  }
  return {};
}

std::string_view fault_of_algorithms(const std::vector<CardAlgorithm>& algorithms) {
  return algorithms.empty() || holds_twice(algorithms) ? kMendAlgorithms : std::string_view();
}

std::string_view fault_of_exponent(const GenerationChoice& choice) {
  const auto max = choice.rsa_exponent_max;
  if (max < kRsaExponentMin || max > kRsaExponentMax) return kMendExponent;
  const bool rsa = holds(choice.algorithms, CardAlgorithm::kRsaPkcs1Sha256);
  return rsa || max == kRsaExponentMax ? std::string_view() : kMendNoRsa;
}

bool is_of_signing(const std::string& policy, const PurposeChoices& choices) {
  return std::any_of(choices.signing.begin(), choices.signing.end(),
                     [&](const auto& one) { return holds(one.policies, policy); });
}

KeyRules keys_of(const GenerationChoice& choice) {
  KeyRules keys;
  keys.rsa = holds(choice.algorithms, CardAlgorithm::kRsaPkcs1Sha256);
  keys.p384 = holds(choice.algorithms, CardAlgorithm::kEcdsaP384Sha384);
  keys.rsa_exponent_max = choice.rsa_exponent_max;
  return keys;
}

Result<std::vector<Bytes>> oids_of(const std::vector<std::string>& policies) {
  std::vector<Bytes> out;
  for (const auto& policy : policies) {
    CERTRELAY_TRY(auto oid, oid::from_dotted(policy));
    out.push_back(std::move(oid));
  }
  return out;
}

Result<void> add_generation(const GenerationChoice& choice, PathRules& rules) {
  CERTRELAY_TRY(auto policies, oids_of(choice.policies));
  rules.policies.insert(rules.policies.end(), policies.begin(), policies.end());
  const auto keys = keys_of(choice);
  rules.keys.rsa = rules.keys.rsa || keys.rsa;
  rules.keys.p384 = rules.keys.p384 || keys.p384;
  if (keys.rsa) {
    rules.keys.rsa_exponent_max = std::max(rules.keys.rsa_exponent_max, keys.rsa_exponent_max);
  }
  rules.generations.push_back({std::move(policies), keys});
  return ok();
}

Result<void> add_signing_root(const Bytes& file, PathRules& rules) {
  const auto blocks = split_pem(file, "CERTIFICATE");
  if (!blocks) return Error{ErrorCode::kTrustAnchorInvalid, "signing root: not PEM or DER"};
  for (const auto& der : blocks.value()) {
    const auto root = parse_certificate(der);
    if (!root) return Error{ErrorCode::kTrustAnchorInvalid, "signing root: no certificate"};
    rules.other_purpose_issuers.push_back(name_key(root.value().subject, rules.names));
  }
  return ok();
}

Bytes attribute(std::string_view type, std::uint8_t tag, std::string_view text) {
  const auto oid = der_value(der_tag::kOid, {as_bytes(type)});
  const auto value = der_value(tag, {as_bytes(text)});
  return der_value(der_tag::kSet, {der_value(der_tag::kSequence, {oid, value})});
}

}  // namespace

std::vector<std::string> jpki_signing_issuers() {
  using namespace std::string_view_literals;
  constexpr auto kCountry = "\x55\x04\x06"sv, kOrganization = "\x55\x04\x0A"sv,
                 kUnit = "\x55\x04\x0B"sv;
  constexpr std::uint8_t kUtf8 = 0x0C, kPrintable = 0x13;
  std::vector<std::string> out;
  for (const auto text : {kUtf8, kPrintable}) {
    out.push_back(name_key(
        der_value(der_tag::kSequence,
                  {attribute(kCountry, kPrintable, "JP"), attribute(kOrganization, text, "JPKI"),
                   attribute(kUnit, text, "JPKI for digital signature"),
                   attribute(kUnit, text, "Japan Agency for Local Authority Information Systems")}),
        NameMatching::kExact));
  }
  return out;
}

std::optional<ChoiceFault> fault_of(const PurposeChoices& choices) {
  const auto& wanted = choices.authentication;
  if (wanted.empty() || wanted.size() > kCardGenerationsMax) {
    return ChoiceFault{false, 0, {}, kMendCount};
  }
  if (choices.signing.size() > kCardGenerationsMax) return ChoiceFault{true, 0, {}, kMendCount};
  for (std::size_t i = 0; i < choices.signing.size(); ++i) {
    const auto mend = fault_of_policies(choices.signing[i].policies);
    if (!mend.empty()) return ChoiceFault{true, i, "policies", mend};
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto mend = fault_of_policies(wanted[i].policies);
    const bool shared =
        std::any_of(wanted[i].policies.begin(), wanted[i].policies.end(),
                    [&](const auto& policy) { return is_of_signing(policy, choices); });
    if (mend.empty() && shared) mend = kMendTwoPurposes;
    if (!mend.empty()) return ChoiceFault{false, i, "policies", mend};
    mend = fault_of_algorithms(wanted[i].algorithms);
    if (!mend.empty()) return ChoiceFault{false, i, "algorithms", mend};
    mend = fault_of_exponent(wanted[i]);
    if (!mend.empty()) return ChoiceFault{false, i, "rsa_exponent_max", mend};
  }
  return std::nullopt;
}

Result<PathRules> rules_of(const PurposeChoices& choices) {
  if (fault_of(choices)) return Error{ErrorCode::kMalformed, "card: policies or algorithms"};
  auto rules = PathRules::for_jpki({});
  rules.keys.rsa = false;
  rules.keys.p384 = false;
  rules.keys.rsa_exponent_max = kRsaExponentMin;
  rules.other_purpose_policies.clear();
  for (const auto& choice : choices.authentication) {
    CERTRELAY_TRY(add_generation(choice, rules));
  }
  for (const auto& choice : choices.signing) {
    CERTRELAY_TRY(auto policies, oids_of(choice.policies));
    std::move(policies.begin(), policies.end(), std::back_inserter(rules.other_purpose_policies));
  }
  for (const auto& file : choices.signing_roots) {
    CERTRELAY_TRY(add_signing_root(file, rules));
  }
  return rules;
}

}  // namespace certrelay
