// Internal to Ledger's files.
#pragma once

#include "relay/ledger/ledger.hpp"

namespace certrelay {

// Lets the writer know that somebody wants to read, then holds the file.
class LedgerReaderTurn {
 public:
  explicit LedgerReaderTurn(Ledger& ledger) : ledger_(ledger) {
    ledger_.readers_.fetch_add(1);
    ledger_.store_mutex_.lock();
  }
  ~LedgerReaderTurn() {
    ledger_.store_mutex_.unlock();
    ledger_.readers_.fetch_sub(1);
    ledger_.readers_.notify_all();
  }
  LedgerReaderTurn(const LedgerReaderTurn&) = delete;
  LedgerReaderTurn& operator=(const LedgerReaderTurn&) = delete;

  // The store, or why there is none to be asked: after a failed commit its connection would show
  // entries that may never have become durable.
  Result<LedgerStore*> store() {
    {
      const std::lock_guard guard(ledger_.mutex_);
      if (ledger_.reason_ != ErrorCode::kNone) {
        return Error{ErrorCode::kLedgerNotWritable, "ledger: not writable"};
      }
    }
    if (!ledger_.store_) return Error{ErrorCode::kLedgerClosed, "ledger: closed"};
    return &*ledger_.store_;
  }

 private:
  Ledger& ledger_;
};

}  // namespace certrelay
