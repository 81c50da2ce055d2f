#include "relay/identity/current_cards.hpp"

namespace certrelay {

CurrentCards::CurrentCards(std::unique_ptr<const CardVerifier> cards,
                           std::vector<CrlHighMark> highest, const OcspStatuses* statuses)
    : cards_(std::move(cards)), highest_(std::move(highest)), statuses_(statuses) {
  raise_marks(highest_, higher_marks(cards_->health(), highest_));
}

std::shared_ptr<const CardVerifier> CurrentCards::in_force() const {
  const std::lock_guard lock(mutex_);
  return cards_;
}

Result<VerifiedCard> CurrentCards::verify(ByteView certificate_der, ByteView signed_payload,
                                          ByteView signature, CardAlgorithm algorithm,
                                          UtcTime now) const {
  const auto cards = in_force();
  CERTRELAY_TRY(auto verified,
                cards->verify(certificate_der, signed_payload, signature, algorithm, now));
  if (statuses_ != nullptr) {
    const auto& issuer = cards->store().anchors().at(verified.issuer_index);
    CERTRELAY_TRY(statuses_->check(issuer.key_digest, verified.card.serial, now));
  }
  return verified;
}

CardHealth CurrentCards::health() const { return in_force()->health(); }

Result<std::vector<CrlMark>> CurrentCards::replace(std::unique_ptr<const CardVerifier> next,
                                                   UtcTime now) {
  const auto offered = next->health();
  if (now < offered.newest_this_update) {
    return Error{ErrorCode::kCrlNotYetValid, "crl: from the future"};
  }
  const std::lock_guard lock(mutex_);
  CERTRELAY_TRY(refuse_roll_back(offered, highest_));
  auto higher = higher_marks(offered, highest_);
  raise_marks(highest_, higher);
  cards_ = std::move(next);
  return higher;
}

}  // namespace certrelay
