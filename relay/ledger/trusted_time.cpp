#include "relay/ledger/trusted_time.hpp"

#include <algorithm>

namespace certrelay {

TrustedTime::TrustedTime(const Clock& clock, std::optional<UtcTime> last)
    : clock_(clock), last_(last), last_steady_(clock.steady_now()) {}

bool TrustedTime::accept(UtcTime not_before) {
  const auto utc = clock_.utc_now();
  if (utc < not_before || (last_ && utc < *last_)) return false;
  accepted_ = Anchor{.utc = utc, .steady = clock_.steady_now()};
  return true;
}

bool TrustedTime::doubted_at(UtcTime utc, SteadyTime steady) const {
  if (!accepted_ || (last_ && utc < *last_)) return true;
  const auto drift = (utc - accepted_->utc) - (steady - accepted_->steady);
  return std::chrono::abs(drift) > kDriftMax;
}

bool TrustedTime::doubted() const { return doubted_at(clock_.utc_now(), clock_.steady_now()); }

TrustedTime::Stamp TrustedTime::stamp() {
  const auto utc = clock_.utc_now();
  const auto steady = clock_.steady_now();
  if (!doubted_at(utc, steady)) {
    last_ = utc;
    last_steady_ = steady;
    return {.utc = utc, .doubted = false};
  }
  // A ledger without any trusted time has nothing better than the doubted clock.
  const auto guess = last_ ? *last_ + (steady - last_steady_) : utc;
  return {.utc = std::max(guess, UtcTime{}), .doubted = true};
}

}  // namespace certrelay
