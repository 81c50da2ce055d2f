// After failures to log in a person waits, longer after each (R17, R54): guessing takes years, and
// a person who mistypes waits a minute.
#pragma once

#include <map>

#include "relay/env/clock.hpp"
#include "relay/operators/operator_book.hpp"

namespace certrelay {

inline constexpr unsigned kFreeFailures = 4;  // the fifth in a row locks
inline constexpr std::chrono::seconds kFirstDelay{60};
inline constexpr std::chrono::seconds kDelayMax{3600};

// How long an account is locked after so many failures in a row: doubled by each.
std::chrono::seconds lock_out_delay(unsigned failures);

// On the steady clock, so that setting the date opens nothing. The number of failures is in the
// accounts' store; the wait itself is not, and begins anew with the vault. One thread.
class LockOut {
 public:
  explicit LockOut(const Clock& clock) : clock_(clock) {}

  // The wait of that many failures begins now; none at or below kFreeFailures.
  void begin(const OperatorName& name, unsigned failures);
  void end(const OperatorName& name) { until_.erase(name); }
  bool is_locked(const OperatorName& name) const;

 private:
  const Clock& clock_;
  std::map<OperatorName, SteadyTime> until_;
};

}  // namespace certrelay
