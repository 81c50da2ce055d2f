#include "relay/issuance/recent_payloads.hpp"

#include <set>

namespace certrelay {
namespace {

ErrorCode difference(const TransactionHead& own, const TransactionHead& other) {
  if (other.peer != own.peer) return ErrorCode::kSignedOtherPeer;
  if (other.kiosk != own.kiosk) return ErrorCode::kSignedOtherKiosk;
  return ErrorCode::kSignedOtherTransaction;
}

}  // namespace

void RecentPayloads::add(const OpenedTransaction& opened) {
  const auto payload = opened.signed_payload();
  const std::lock_guard lock(mutex_);
  if (kept_.size() == kKept) kept_.pop_front();
  kept_.push_back({opened.head(), Bytes(payload.begin(), payload.end())});
}

std::vector<RecentPayloads::Other> RecentPayloads::others(const TransactionHead& head,
                                                          ByteView own) const {
  const auto read = parse_card_payload(own);
  std::vector<Other> out;
  std::set<Bytes> seen{Bytes(own.begin(), own.end())};
  const auto add_once = [&](Bytes payload, ErrorCode reason) {
    if (out.size() == kOthersMax || !seen.insert(payload).second) return;
    out.push_back({std::move(payload), reason});
  };
  const std::lock_guard lock(mutex_);
  for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
    add_once(kept->payload, difference(head, kept->head));
  }
  if (!read) return out;
  const auto& mine = read.value();
  const auto with = [&](const KioskId& kiosk, const PeerName& peer) {
    return card_payload_bytes(
        {mine.municipality, head.id, kiosk, head.kind, mine.expires_at, peer, mine.challenge});
  };
  for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
    add_once(with(kept->head.kiosk, head.peer), ErrorCode::kSignedOtherKiosk);
    add_once(with(head.kiosk, kept->head.peer), ErrorCode::kSignedOtherPeer);
  }
  return out;
}

ErrorCode RecentPayloads::what_was_signed(const TransactionHead& head, ByteView own,
                                          const InquiryRequest& request, const CardPort& cards,
                                          UtcTime now) const {
  for (const auto& other : others(head, own)) {
    if (cards.verify(request.card_certificate, other.payload, request.signature, request.algorithm,
                     now)) {
      return other.reason;
    }
  }
  return ErrorCode::kCardSignature;
}

}  // namespace certrelay
