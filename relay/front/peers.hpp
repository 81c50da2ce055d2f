// Who may speak to a listener: a configured name with one exact SAN and up to two pinned keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"

namespace certrelay {

// What the certificate of a client says, as far as peers are told apart by it. Only TLS makes one,
// after the chain to the role's authority was verified (R44).
struct LeafIdentity {
  std::vector<std::string> names;  // SAN entries as "DNS:..." and "URI:...", bytes as they came
  Digest spki;                     // SHA-256 of the SubjectPublicKeyInfo
  UtcTime not_before;
  UtcTime not_after;
};

struct PeerRule {
  PeerName name;
  std::string san;           // "DNS:..." or "URI:...", compared byte for byte
  std::vector<Digest> pins;  // one, or two while a key is being changed
};

// Immutable; a reload makes a new one.
class PeerTable {
 public:
  // Errors: kPeerRuleInvalid for a SAN of another form, no pin or more than two, or a name or a
  // pair of SAN and pin that two rules share.
  static Result<PeerTable> make(std::vector<PeerRule> rules);

  // The one peer that this certificate is, at this time. Asked again at each request, so that a
  // reload and the certificate's end take effect on connections that are open.
  std::optional<PeerName> match(const LeafIdentity& leaf, UtcTime now) const;

 private:
  explicit PeerTable(std::vector<PeerRule> rules) : rules_(std::move(rules)) {}
  std::vector<PeerRule> rules_;
};

}  // namespace certrelay
