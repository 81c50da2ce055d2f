#pragma once

#include <optional>

#include "relay/env/clock.hpp"

namespace certrelay {

// The time that entries carry. UTC is believed once accept() has judged it, and as long as it has
// not left the steady clock by more than a minute; otherwise an entry carries the last trusted UTC
// plus steady time, and is marked. One thread at a time.
class TrustedTime {
 public:
  static constexpr std::chrono::milliseconds kDriftMax{60'000};

  // `last` is the newest trusted time that the ledger holds. `clock` must outlive it.
  TrustedTime(const Clock& clock, std::optional<UtcTime> last);

  // Believes the clock from now on, unless it is before `not_before` (the newest CRL's thisUpdate)
  // or the last trusted time: then false, and nothing changes.
  bool accept(UtcTime not_before);
  bool doubted() const;

  struct Stamp {
    UtcTime utc;
    bool doubted;
  };
  Stamp stamp();
  std::optional<UtcTime> last() const { return last_; }

 private:
  struct Anchor {
    UtcTime utc;
    SteadyTime steady;
  };
  bool doubted_at(UtcTime utc, SteadyTime steady) const;

  const Clock& clock_;
  std::optional<Anchor> accepted_;
  std::optional<UtcTime> last_;  // of the newest trusted stamp
  SteadyTime last_steady_;
};

}  // namespace certrelay
