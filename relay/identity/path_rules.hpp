#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "relay/identity/name_match.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

// What a profile demands of a path. One code path (path.cpp) serves both.
struct PathRules {
  // The rules of a person's authentication certificate, and none but pinned self-signed roots.
  bool jpki = true;
  NameMatching names = NameMatching::kExact;
  KeyRules keys;
  std::vector<Bytes> policies;  // content octets of the accepted OIDs; RFC 5280: empty is any
  bool explicit_policy = true;
  bool inhibit_any_policy = true;
  bool check_revocation = true;
  std::optional<std::chrono::seconds> ocsp_age_max;  // since thisUpdate; none: nextUpdate decides
  std::optional<std::chrono::seconds> crl_age_max;   // since thisUpdate; none: nextUpdate decides

  static PathRules for_jpki(std::vector<Bytes> policies);
  // Path validation of RFC 5280 §6 alone, with wider keys.
  static PathRules for_rfc5280();
};

}  // namespace certrelay
