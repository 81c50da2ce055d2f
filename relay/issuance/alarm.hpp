#pragma once

#include <mutex>
#include <string>

#include "protocol/base/error.hpp"
#include "protocol/ids/ledger_sequence.hpp"

namespace certrelay {

// INV-3, INV-7: what only a defect or an attack can cause, and therefore stops the whole service. A
// register value that cannot be printed is a refusal of that household alone.
constexpr bool is_alarm(ErrorCode reason) {
  return reason == ErrorCode::kDocumentNotAsked || reason == ErrorCode::kReadbackMismatch ||
         reason == ErrorCode::kPdfUnreadable || reason == ErrorCode::kSealBroken ||
         reason == ErrorCode::kStoreCorrupt;
}

// INV-9: once an identity mismatch was found, nothing is issued until a named operator with a
// second person clears it; a later success never does. The ledger keeps it over a restart
// (EntryKind::kAlarmLatched). Thread-safe.
class AlarmLatch {
 public:
  // True when this call latched it: exactly one caller then writes the entry.
  bool latch(ErrorCode reason) {
    const std::lock_guard guard(mutex_);
    ++occurrences_;
    if (reason_ != ErrorCode::kNone) return false;
    reason_ = reason;
    entry_ = LedgerSequence();
    return true;
  }
  // For a check that goes over the same stored data again: what is latched for this very reason,
  // from before a restart for instance, is not found once more by it. True as above.
  bool latch_finding(ErrorCode reason) {
    {
      const std::lock_guard guard(mutex_);
      if (reason_ == reason) return false;
    }
    return latch(reason);
  }
  // For what is seen again every second and is one occurrence.
  void latch_unless_latched(ErrorCode reason) {
    const std::lock_guard guard(mutex_);
    if (reason_ != ErrorCode::kNone) return;
    ++occurrences_;
    reason_ = reason;
    entry_ = LedgerSequence();
  }
  // The entry of the alarm that is latched.
  void recorded(LedgerSequence entry) {
    const std::lock_guard guard(mutex_);
    entry_ = entry;
  }
  bool latched() const { return reason() != ErrorCode::kNone; }
  ErrorCode reason() const {
    const std::lock_guard guard(mutex_);
    return reason_;
  }
  LedgerSequence entry() const {
    const std::lock_guard guard(mutex_);
    return entry_;
  }

  // Names what two persons have looked at: another alarm, or the same one found once more, has
  // another label. Empty when none is latched.
  std::string label() const {
    const std::lock_guard guard(mutex_);
    return label_now();
  }
  // Only when that is still the label. False: nothing was cleared.
  bool clear(std::string_view label) {
    const std::lock_guard guard(mutex_);
    if (reason_ == ErrorCode::kNone || label != label_now()) return false;
    reason_ = ErrorCode::kNone;
    return true;
  }

 private:
  std::string label_now() const {
    if (reason_ == ErrorCode::kNone) return "";
    return std::to_string(entry_.value()) + "-" + std::to_string(occurrences_);
  }
  mutable std::mutex mutex_;
  ErrorCode reason_ = ErrorCode::kNone;
  LedgerSequence entry_;
  std::uint64_t occurrences_ = 0;  // since this process began
};

}  // namespace certrelay
