// What becomes of an alarm besides refusing: it is said aloud, it is in the ledger however late,
// and a ledger that contradicts itself is one.
#pragma once

#include <functional>
#include <string>

#include "relay/issuance/alarm.hpp"

namespace certrelay {

// No trouble of a disk explains it: acknowledged entries are gone, or are others now.
constexpr bool is_ledger_mismatch(ErrorCode reason) {
  return reason == ErrorCode::kChainBroken || reason == ErrorCode::kSequenceGap ||
         reason == ErrorCode::kTreeMismatch || reason == ErrorCode::kCheckpointMismatch ||
         reason == ErrorCode::kUnknownKey || reason == ErrorCode::kLedgerRolledBack;
}

class AlarmWatch {
 public:
  struct Parts {
    AlarmLatch& alarm;
    LedgerPort& ledger;
    bool demo = false;
    std::function<void(const std::string& label, ErrorCode reason)> say;  // for the log
  };
  explicit AlarmWatch(Parts parts) : parts_(std::move(parts)) {}

  // To be called every second, by one coroutine.
  boost::asio::awaitable<void> tick();

 private:
  void say_what_is_new();
  boost::asio::awaitable<void> record_what_is_not();

  const Parts parts_;
  std::string said_;  // the label that was said last
};

}  // namespace certrelay
