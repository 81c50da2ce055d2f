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

// A managed terminal of the operators' listener: known by an exact SAN. Whose key it is, the vault
// judges by its accounts at each request (R28, R30, R31).
struct TerminalRule {
  std::string name;  // [A-Za-z0-9._:-]{1,40}
  std::string san;   // as PeerRule::san
};

// Immutable; a reload makes a new one.
class PeerTable {
 public:
  // Errors: kPeerRuleInvalid for a SAN of another form, no pin or more than two, or a name or a
  // pair of SAN and pin that two rules share.
  static Result<PeerTable> make(std::vector<PeerRule> rules);

  // For the operators' listener. A match is named "<key id>@<terminal>", the key id being that of
  // the certificate's key (key_id() of protocol/wire/answer_signature.hpp).
  // Errors: kPeerRuleInvalid for a name or SAN of another form, or one that two rules share.
  static Result<PeerTable> make_terminals(std::vector<TerminalRule> rules);

  // The one peer that this certificate is, at this time. Asked again at each request, so that a
  // reload and the certificate's end take effect on connections that are open.
  std::optional<PeerName> match(const LeafIdentity& leaf, UtcTime now) const;

 private:
  PeerTable(std::vector<PeerRule> rules, std::vector<TerminalRule> terminals)
      : rules_(std::move(rules)), terminals_(std::move(terminals)) {}
  std::optional<PeerName> match_terminal(const LeafIdentity& leaf) const;

  std::vector<PeerRule> rules_;
  std::vector<TerminalRule> terminals_;
};

}  // namespace certrelay
