#pragma once

#include <atomic>

#include "protocol/base/error.hpp"

namespace certrelay {

// INV-3, INV-7: what only a defect or an attack can cause, and therefore stops the whole service. A
// register value that cannot be printed is a refusal of that household alone.
constexpr bool is_alarm(ErrorCode reason) {
  return reason == ErrorCode::kDocumentNotAsked || reason == ErrorCode::kReadbackMismatch ||
         reason == ErrorCode::kPdfUnreadable || reason == ErrorCode::kSealBroken;
}

// INV-9: once an identity mismatch was found, nothing is issued until a named operator with a
// second person clears it; a later success never does. The ledger keeps it over a restart
// (EntryKind::kAlarmLatched). Thread-safe.
class AlarmLatch {
 public:
  // True when this call latched it: exactly one caller then writes the entry.
  bool latch(ErrorCode reason) {
    auto none = ErrorCode::kNone;
    return reason_.compare_exchange_strong(none, reason);
  }
  bool latched() const { return reason_.load() != ErrorCode::kNone; }
  ErrorCode reason() const { return reason_.load(); }

 private:
  std::atomic<ErrorCode> reason_{ErrorCode::kNone};
};

}  // namespace certrelay
