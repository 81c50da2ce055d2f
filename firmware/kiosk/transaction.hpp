// One transaction step by step, as center, kiosk and card: shared by issue, inquire and storm.
#pragma once

#include "firmware/kiosk/card_signature.hpp"
#include "firmware/kiosk/center.hpp"
#include "firmware/kiosk/site.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

// What all transactions of one run share; everything outlives them.
struct World {
  const KioskSite& site;
  const Peer& center;
  const Clock& clock;
  Entropy& entropy;
};

// One connection to the center's listener with its layers. Stays where it was made.
class CenterLine {
 public:
  explicit CenterLine(const World& world, RepeatPolicy policy = {}, HttpsLimits limits = {})
      : client_(world.center.tls, world.center.address, world.clock, limits),
        exchange_(client_, world.center.verifier, world.clock, policy),
        center(exchange_) {}
  CenterLine(const CenterLine&) = delete;
  CenterLine& operator=(const CenterLine&) = delete;

  Result<void> connect() { return client_.connect(); }
  int repeats() const { return exchange_.repeats(); }
  const HttpsClient& client() const { return client_; }

 private:
  HttpsClient client_;
  SignedExchange exchange_;

 public:
  Center center;
};

// Opened under a fresh id; `payload` is what the card is asked to sign.
struct OpenedAtKiosk {
  OwnTransaction own;
  Bytes payload;
};
Result<OpenedAtKiosk> open_at_kiosk(Center& center, const World& world, const KioskId& kiosk,
                                    CertificateKind kind);

// Has the card sign (sign_with_card) and asks.
Result<InquiryReply> inquire_with_card(Center& center, const OpenedAtKiosk& opened,
                                       const PresentedCard& card);

// Everything a center can check of the answer to `request`: see document_check.hpp.
Result<void> check_issued(const Document& document, const OpenedAtKiosk& opened,
                          const InquiryReply& inquiry, const IssuanceRequest& request);

// A report under a fresh event id. Printed: all sheets, paid; anything else: none, not paid.
EventReport event_of(PrintEvent event, const Document& document, int copies, const World& world);

}  // namespace certrelay
