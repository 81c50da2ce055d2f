// What issuance needs of the card: one question, answered from memory.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// A card that signed this payload with a certificate that is valid and not revoked.
struct VerifiedCard {
  CardKey card;  // issuer Name DER and serial content octets, exactly as in the certificate
  UtcTime valid_from;
  UtcTime not_after;             // the last instant at which the certificate is valid
  std::uint64_t crl_number = 0;  // of the list that was asked: goes into the intent entry
  UtcTime crl_this_update;
  std::size_t issuer_index = 0;  // into CardHealth::issuers of the same object
};

// The revocation list in force for one issuer. (crl_number, this_update) is what the ledger keeps
// the highest value of, so that an older list is refused after a restart too (R15).
struct CrlMark {
  Bytes issuer_der;
  Digest issuer_key;  // SHA-256 of the issuer's SubjectPublicKeyInfo: generations share a name
  std::uint64_t crl_number = 0;
  UtcTime this_update;
  UtcTime next_update;
  friend bool operator==(const CrlMark&, const CrlMark&) = default;
};

// One pinned root; `crls` is empty while no list for it is loaded: its cards are then refused.
struct CardIssuer {
  Bytes issuer_der;
  Digest issuer_key;
  UtcTime not_after;
  std::vector<CrlMark> crls;
  std::uint64_t revoked = 0;  // entries of the list
};

struct CardHealth {
  std::vector<CardIssuer> issuers;
  bool every_issuer_has_crl = false;
  // Epoch when no list is loaded. A clock before the first or past the second is in doubt.
  UtcTime newest_this_update;
  UtcTime earliest_next_update;
};

// Implementations are immutable after they were loaded: every member may be called from any thread
// at once, and a reload makes a new object.
class CardPort {
 public:
  CardPort() = default;
  CardPort(const CardPort&) = delete;
  CardPort& operator=(const CardPort&) = delete;
  virtual ~CardPort() = default;

  // Chain to a pinned root, dates at `now`, policy, key usage, revocation, and last the signature
  // over `signed_payload`, which the caller rebuilt from its own state. Never blocks, reads no
  // file and no clock. Errors: one code of 100-199 a reason (relay/identity/REASONS.md), never
  // shown outside.
  virtual Result<VerifiedCard> verify(ByteView certificate_der, ByteView signed_payload,
                                      ByteView signature, CardAlgorithm algorithm,
                                      UtcTime now) const = 0;

  virtual CardHealth health() const = 0;
};

}  // namespace certrelay
