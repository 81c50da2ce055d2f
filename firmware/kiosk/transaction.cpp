#include "firmware/kiosk/transaction.hpp"

#include "firmware/kiosk/document_check.hpp"

namespace certrelay {
namespace {

template <class Id>
Id fresh_id(Entropy& entropy) {
  const auto random = random_bytes<Id::kSize>(entropy);
  return Id::from_bytes(uuid_v4_bytes(random)).value();
}

}  // namespace

Result<OpenedAtKiosk> open_at_kiosk(Center& center, const World& world, const KioskId& kiosk,
                                    CertificateKind kind) {
  CERTRELAY_TRY(PeerName peer, PeerName::parse(world.site.center_peer));
  const auto id = fresh_id<TransactionId>(world.entropy);
  CERTRELAY_TRY(OpenAnswer answer, center.open({id, world.site.municipality, kiosk, kind}));
  OwnTransaction own{world.site.municipality, id, kiosk, kind, answer.expires_at, std::move(peer)};
  return OpenedAtKiosk{std::move(own), std::move(answer.signed_payload)};
}

Result<InquiryReply> inquire_with_card(Center& center, const OpenedAtKiosk& opened,
                                       const PresentedCard& card) {
  CERTRELAY_TRY(const InquiryRequest request, sign_with_card(card, opened.own, opened.payload));
  return center.inquire(opened.own.transaction, request);
}

Result<void> check_issued(const Document& document, const OpenedAtKiosk& opened,
                          const InquiryReply& inquiry, const IssuanceRequest& request) {
  const auto tags = expected_tags(opened.own.transaction, inquiry.answer.members, request.members);
  CERTRELAY_TRY(check_document(as_text(document.pdf), document.headers, tags));
  return check_printed(document.pdf, document.headers, opened.own.transaction,
                       inquiry.answer.members);
}

EventReport event_of(PrintEvent event, const Document& document, int copies, const World& world) {
  const bool printed = event == PrintEvent::kPrinted;
  return {fresh_id<EventId>(world.entropy),
          event,
          std::chrono::floor<std::chrono::seconds>(world.clock.utc_now()),
          printed ? document.headers.sheets * copies : 0,
          printed,
          printed ? document.headers.fee_yen : 0};
}

}  // namespace certrelay
