#include "relay/operators/lock_out.hpp"

#include <algorithm>

namespace certrelay {

std::chrono::seconds lock_out_delay(unsigned failures) {
  if (failures <= kFreeFailures) return std::chrono::seconds{0};
  constexpr unsigned kDoublingsMax = 6;  // past it the longest delay is reached
  const auto doublings = std::min(failures - kFreeFailures - 1, kDoublingsMax);
  return std::min(kFirstDelay * (1U << doublings), kDelayMax);
}

void LockOut::begin(const OperatorName& name, unsigned failures) {
  const auto delay = lock_out_delay(failures);
  if (delay.count() == 0) return;
  until_.insert_or_assign(name, clock_.steady_now() + delay);
}

bool LockOut::is_locked(const OperatorName& name) const {
  const auto found = until_.find(name);
  return found != until_.end() && clock_.steady_now() < found->second;
}

}  // namespace certrelay
