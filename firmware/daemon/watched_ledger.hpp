// The ledger as issuance and the operators' room see it: what becomes durable is looked at (R54).
#pragma once

#include "firmware/daemon/access_watch.hpp"
#include "relay/env/clock.hpp"
#include "relay/ports/ledger_port.hpp"

namespace certrelay {

class WatchedLedger final : public LedgerPort {
 public:
  // All outlive it.
  WatchedLedger(LedgerPort& ledger, AccessWatch& watch, Clock& clock)
      : ledger_(ledger), watch_(watch), clock_(clock) {}

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard = {}) override;
  Result<bool> knows_transaction(const TransactionId& id) override {
    return ledger_.knows_transaction(id);
  }
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override {
    return ledger_.entries_of(id);
  }
  Result<std::vector<Entry>> intents_on(JstDay day) override { return ledger_.intents_on(day); }
  LedgerHealth health() const override { return ledger_.health(); }

 private:
  LedgerPort& ledger_;
  AccessWatch& watch_;
  Clock& clock_;
};

}  // namespace certrelay
