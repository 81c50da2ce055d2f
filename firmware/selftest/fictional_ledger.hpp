#pragma once

#include <map>
#include <mutex>

#include "relay/env/clock.hpp"
#include "relay/ports/ledger_port.hpp"

namespace certrelay {

// The self-test's ledger: one order, entries encoded as the real one's are, and gone with the test.
// An append gives its thread to others before it completes, as one that waits for a disk does.
// Thread-safe.
class FictionalLedger final : public LedgerPort {
 public:
  explicit FictionalLedger(Clock& clock) : clock_(clock) {}

  // The transaction's intent, once it has its number, completes at that time: a commit during which
  // a deadline passes.
  void hold_up(const TransactionId& id, SteadyTime until);

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override;
  Result<bool> knows_transaction(const TransactionId& id) override;
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override;
  Result<std::vector<Entry>> intents_on(JstDay day) override;
  LedgerHealth health() const override;

 private:
  Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::map<TransactionId, SteadyTime> held_up_;
};

}  // namespace certrelay
