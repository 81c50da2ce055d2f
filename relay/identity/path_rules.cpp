#include "relay/identity/path_rules.hpp"

#include "relay/identity/card_purposes.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {

PathRules PathRules::for_jpki(std::vector<Bytes> policies) {
  static const auto signing_issuers = jpki_signing_issuers();
  PathRules rules;
  rules.policies = std::move(policies);
  if (auto signing = oid::from_dotted(kSigningCardPolicy)) {
    rules.other_purpose_policies.push_back(std::move(signing).value());
  }
  rules.other_purpose_issuers = signing_issuers;
  return rules;
}

PathRules PathRules::for_rfc5280() {
  PathRules rules;
  rules.jpki = false;
  rules.names = NameMatching::kRfc5280;
  rules.keys = {.rsa_bits_min = 2048, .rsa_bits_max = 8192, .p256 = true, .other_digests = true};
  rules.explicit_policy = false;
  rules.inhibit_any_policy = false;
  return rules;
}

}  // namespace certrelay
