#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// 32 fresh random bytes, for one transaction, used once.
using CardChallenge = std::array<std::uint8_t, 32>;

// What one card signature is bound to: this transaction, this kiosk, this peer, this kind, until
// then. The vault rebuilds it from its own state, never from a request (FORMAT.md "Card payload").
struct CardPayload {
  MunicipalityCode municipality;
  TransactionId transaction;
  KioskId kiosk;
  CertificateKind kind;
  UtcTime expires_at;  // from 1970 on (CHECK)
  PeerName peer;       // only its SHA-256 is signed
  CardChallenge challenge;
};

// The exact bytes that the card signs.
Bytes card_payload_bytes(const CardPayload& payload);

// The same bytes read back, for a center or kiosk that looks at what it has signed.
struct CardPayloadView {
  MunicipalityCode municipality;
  TransactionId transaction;
  KioskId kiosk;
  CertificateKind kind;
  UtcTime expires_at;
  Digest peer_digest;  // SHA-256 of the peer's name
  CardChallenge challenge;
};
// Errors: kMalformed, kTrailingBytes.
Result<CardPayloadView> parse_card_payload(ByteView bytes);

}  // namespace certrelay
