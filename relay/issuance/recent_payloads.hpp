// What cards were asked to sign lately: so that the ledger can say what a signature is over that is
// not over its own transaction's payload. Decides nothing: the card is refused already.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "relay/issuance/tokens.hpp"

namespace certrelay {

// No personal data: ids of transactions and kiosks, and challenges. Thread-safe.
class RecentPayloads {
 public:
  static constexpr std::size_t kKept = 32;
  static constexpr std::size_t kOthersMax = 48;  // signatures that naming one refusal may cost

  void add(const OpenedTransaction& opened);

  // kCardSignature, or what the signature is over: the payload of another of the transactions kept
  // here (of another peer, else of another kiosk, else another transaction), or the transaction's
  // own payload with another peer or kiosk of them. `own`: the payload that it should be over.
  ErrorCode what_was_signed(const TransactionHead& head, ByteView own,
                            const InquiryRequest& request, const CardPort& cards,
                            UtcTime now) const;

 private:
  struct Kept {
    TransactionHead head;
    Bytes payload;
  };
  struct Other {
    Bytes payload;
    ErrorCode reason;
  };
  std::vector<Other> others(const TransactionHead& head, ByteView own) const;

  mutable std::mutex mutex_;
  std::deque<Kept> kept_;
};

}  // namespace certrelay
