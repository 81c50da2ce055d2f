#pragma once

#include <mutex>
#include <string>

#include "relay/ports/ledger_port.hpp"

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
  // True when this call latched it: its entry is the caller's to write, by record_alarm().
  bool latch(ErrorCode reason) {
    const std::lock_guard guard(mutex_);
    ++occurrences_;
    if (reason_ != ErrorCode::kNone) return false;
    reason_ = reason;
    entry_ = LedgerSequence();
    being_written_ = true;
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
  // For what is seen again every second and is one occurrence. Its entry is nobody's yet.
  void latch_unless_latched(ErrorCode reason) {
    const std::lock_guard guard(mutex_);
    if (reason_ != ErrorCode::kNone) return;
    ++occurrences_;
    reason_ = reason;
    entry_ = LedgerSequence();
    being_written_ = false;
  }
  // The entry of the alarm that is latched.
  void recorded(LedgerSequence entry) {
    const std::lock_guard guard(mutex_);
    entry_ = entry;
    being_written_ = false;
  }
  // It could not be written: whoever takes it next tries again.
  void not_recorded() {
    const std::lock_guard guard(mutex_);
    being_written_ = false;
  }
  // The reason of an alarm that has no entry and for which nobody writes one: it is the caller's
  // then, as after latch(). kNone: there is none.
  ErrorCode take_unrecorded() {
    const std::lock_guard guard(mutex_);
    if (reason_ == ErrorCode::kNone || entry_ != LedgerSequence() || being_written_) {
      return ErrorCode::kNone;
    }
    being_written_ = true;
    return reason_;
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
  bool being_written_ = false;     // its entry, however long the disk takes
  std::uint64_t occurrences_ = 0;  // since this process began
};

// Writes the entry of the alarm that is the caller's. It is latched in memory whatever the ledger
// says; one that cannot write refuses everything too, and AlarmWatch writes it later.
boost::asio::awaitable<void> record_alarm(AlarmLatch& alarm, LedgerPort& ledger, Entry entry);

}  // namespace certrelay
