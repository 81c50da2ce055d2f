#include "relay/identity/path_rules.hpp"

namespace certrelay {

PathRules PathRules::for_jpki(std::vector<Bytes> policies) {
  PathRules rules;
  rules.policies = std::move(policies);
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
