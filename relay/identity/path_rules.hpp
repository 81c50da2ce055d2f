#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "relay/identity/name_match.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

// One generation of cards: its policies go with its algorithms and no others.
struct CardGeneration {
  std::vector<Bytes> policies;  // content octets
  KeyRules keys;                // of the card, and of what its issuer signs
};

// What a profile demands of a path. One code path (path.cpp) serves both.
struct PathRules {
  // The rules of a person's authentication certificate, and none but pinned self-signed roots.
  bool jpki = true;
  NameMatching names = NameMatching::kExact;
  KeyRules keys;                // of anybody: what any generation accepts
  std::vector<Bytes> policies;  // content octets of the accepted OIDs; RFC 5280: empty is any
  std::vector<CardGeneration> generations;    // JPKI: a card is wholly of one; empty: no matter
  std::vector<Bytes> other_purpose_policies;  // JPKI: of signing certificates, refused by name
  std::vector<std::string> other_purpose_issuers;  // their issuers' name_key()s
  bool explicit_policy = true;
  bool inhibit_any_policy = true;
  bool check_revocation = true;
  std::optional<std::chrono::seconds> ocsp_age_max;  // since thisUpdate; none: nextUpdate decides
  std::optional<std::chrono::seconds> crl_age_max;   // since thisUpdate; none: nextUpdate decides

  // With what is known of the other purpose (card_purposes.hpp).
  static PathRules for_jpki(std::vector<Bytes> policies);
  // Path validation of RFC 5280 §6 alone, with wider keys.
  static PathRules for_rfc5280();
};

}  // namespace certrelay
