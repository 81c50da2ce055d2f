// The softcard's half of a transaction: it signs its own transaction's payload and nothing else.
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

// Reads `payload`, rebuilds the bytes from `own` and the payload's challenge, and signs only when
// both are equal: a card must not be made to sign for another kiosk, peer, city, kind or time.
// Errors: kRefusedBySoftcard, kKeyUnusable (key not readable or not of the stated algorithm),
// kInternal.
Result<InquiryRequest> sign_with_card(const Softcard& card, const OwnTransaction& own,
                                      ByteView payload);

}  // namespace certrelay
