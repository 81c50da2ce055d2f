// The card's half of a transaction: it signs its own transaction's payload and nothing else.
#pragma once

#include "firmware/kiosk/city/softcard.hpp"
#include "protocol/wire/card_payload.hpp"
#include "protocol/wire/inquiry_message.hpp"

namespace certrelay {

// What the kiosk knows of the transaction it opened, apart from the challenge.
struct OwnTransaction {
  MunicipalityCode municipality;
  TransactionId transaction;
  KioskId kiosk;
  CertificateKind kind;
  UtcTime expires_at;  // whole seconds, as the open answer says
  PeerName peer;
};

// A card that is at the reader: a file of the fictional city, or a chip (token/token_card.hpp).
class PresentedCard {
 public:
  virtual ~PresentedCard() = default;

  virtual const Bytes& certificate() const = 0;  // DER
  virtual CardAlgorithm algorithm() const = 0;
  // The bytes as they are: who calls has checked what they say.
  virtual Result<Bytes> sign(ByteView payload) const = 0;
};

// Refers to `card`, which outlives it. Errors of sign(): kKeyUnusable, kInternal.
class PresentedSoftcard final : public PresentedCard {
 public:
  explicit PresentedSoftcard(const Softcard& card) : card_(card) {}
  const Bytes& certificate() const override { return card_.certificate; }
  CardAlgorithm algorithm() const override { return card_.algorithm; }
  Result<Bytes> sign(ByteView payload) const override;

 private:
  const Softcard& card_;
};

// Reads `payload`, rebuilds the bytes from `own` and the payload's challenge, and signs only when
// both are equal: a card must not be made to sign for another kiosk, peer, city, kind or time.
// Errors: kRefusedBySoftcard; the card's own: kKeyUnusable (key not readable or not of the stated
// algorithm), kToken..., kInternal.
Result<InquiryRequest> sign_with_card(const PresentedCard& card, const OwnTransaction& own,
                                      ByteView payload);

}  // namespace certrelay
