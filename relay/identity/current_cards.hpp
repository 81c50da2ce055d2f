#pragma once

#include <memory>
#include <mutex>

#include "relay/identity/card_verifier.hpp"
#include "relay/identity/crl_roll_back.hpp"
#include "relay/identity/ocsp_statuses.hpp"

namespace certrelay {

// The card trust in force, replaced while it is asked: a question that has begun is answered by the
// object it began with, the next one by the new, and neither waits. Thread-safe.
class CurrentCards final : public CardPort {
 public:
  // `highest`: the marks that the ledger keeps (R15). `cards` is in force at once, so its caller
  // has compared it with them. `statuses`: what responders said, which must be good too; none: the
  // lists decide alone. Outlives this.
  CurrentCards(std::unique_ptr<const CardVerifier> cards, std::vector<CrlHighMark> highest,
               const OcspStatuses* statuses = nullptr);

  Result<VerifiedCard> verify(ByteView certificate_der, ByteView signed_payload, ByteView signature,
                              CardAlgorithm algorithm, UtcTime now) const override;
  CardHealth health() const override;
  std::shared_ptr<const CardVerifier> in_force() const;

  // Puts `next` in force when none of its lists is lower than the highest ever used, and when its
  // newest is not ahead of `now`; otherwise what was in force stays. Returns the marks that are
  // higher than all before, which the caller writes to the ledger. Errors: kCrlRollBack,
  // kCrlNotYetValid.
  Result<std::vector<CrlMark>> replace(std::unique_ptr<const CardVerifier> next, UtcTime now);

 private:
  mutable std::mutex mutex_;  // held for a pointer's copy, never for a question
  std::shared_ptr<const CardVerifier> cards_;
  std::vector<CrlHighMark> highest_;
  const OcspStatuses* statuses_;
};

}  // namespace certrelay
