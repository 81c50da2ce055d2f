// Complete certificate revocation lists (RFC 5280 §5), turned into an index when they are loaded.
#pragma once

#include "relay/identity/authority_key_id.hpp"
#include "relay/identity/crl_scope.hpp"
#include "relay/identity/public_key.hpp"
#include "relay/identity/serial_list.hpp"

namespace certrelay {

inline constexpr std::size_t kCrlBytesMax = std::size_t{256} * 1024 * 1024;

enum class CardStatus : std::uint8_t { kGood, kRevoked, kOnHold };

// What is kept of a list; nothing of it views the file.
struct Crl {
  Bytes issuer_der;
  std::uint64_t number = 0;
  UtcTime this_update;
  UtcTime next_update;
  std::optional<Bytes> authority_key_id;
  std::optional<NamedCertificate> authority_certificate;
  std::optional<CrlScope> scope;  // none: the list is complete
  SerialList revoked;             // every entry
  SerialList on_hold;             // those of them with the reason certificateHold

  // `serial`: content octets of a positive INTEGER, at most 20.
  CardStatus status(ByteView serial) const;
};

// A list that was read but whose signature nobody has checked. Views the file.
struct UncheckedCrl {
  Crl crl;
  ByteView tbs;
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRsaSha256;
  ByteView signature;

  bool verifies_under(const CardPublicKey& key) const {
    return key.verifies(algorithm, tbs, signature);
  }
};

// Refuses what it does not implement instead of ignoring it: delta lists, indirect lists, scopes
// that are not critical, unknown critical extensions. Whether a scope is honoured is the caller's.
// Errors: kCrlMalformed, kCrlAlgorithm, kCrlNumberMissing, kCrlExtensionUnknown, kCrlDelta,
// kCrlIndirect, kCrlScope, kCrlExpired (no nextUpdate at all).
Result<UncheckedCrl> parse_crl(ByteView der, const KeyRules& rules);

// The issuer's whole Name, of a list that parse_crl() may refuse; none when it has no such place.
std::optional<ByteView> crl_issuer(ByteView der);

}  // namespace certrelay
