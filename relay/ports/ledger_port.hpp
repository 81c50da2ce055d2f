// The ledger as the rest of the relay sees it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

inline constexpr std::size_t kTransactionEntriesMax = 256;

// What verifying the stored entries, again and again, has come to.
struct LedgerCheckHealth {
  std::uint64_t passes = 0;              // over everything, since this process began
  std::uint64_t findings = 0;            // of them those that found something
  ErrorCode finding = ErrorCode::kNone;  // the last pass's; kNone: nothing, or no pass has ended
  LedgerSequence at;                     // the first bad entry, with a finding
  std::optional<UtcTime> verified_at;    // when a pass last ended without a finding
  LedgerSequence verified;               // the last entry of that pass
};

struct LedgerHealth {
  bool writable = false;
  ErrorCode reason = ErrorCode::kNone;             // why it is not writable
  LedgerSequence last;                             // the last durable entry
  std::optional<UtcTime> last_trusted_utc;         // of the last entry whose clock was not doubted
  bool clock_doubted = false;                      // the next entry would carry kEntryClockDoubted
  ErrorCode checkpoint_reason = ErrorCode::kNone;  // why the last checkpoint could not be written
  LedgerCheckHealth check = {};
  std::size_t waiting = 0;  // appends in the queue
};

// Thread-safe.
class LedgerPort {
 public:
  // Asked by the writer at the point of order, immediately before the entry gets its number
  // (INV-6): an error is append's result and nothing is written. Runs on the writer's thread, must
  // be quick, and must not call the ledger.
  using Guard = std::function<Result<void>()>;

  virtual ~LedgerPort() = default;

  // Writes `entry`; completes on the caller's executor once it is durable, with its number.
  // Sequence, utc and the clock's flag are the writer's; what the caller put there is replaced.
  // Cannot be cancelled: a caller that no longer waits may still find the entry written.
  // Errors: the guard's; kLedgerFull, kLedgerNotWritable, kLedgerClosed, and encode()'s (nothing
  // was written); kIoError, kDiskFull, kStoreFailed (not durable; whether it was written is known
  // after the ledger is opened again, until then the ledger refuses all).
  virtual boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard = {}) = 0;

  // Whether any durable entry names it (INV-10): a transaction id is never used again.
  // Errors: kIoError, kStoreCorrupt, kLedgerClosed; the caller then refuses.
  virtual Result<bool> knows_transaction(const TransactionId& id) = 0;

  // The durable entries that name it, oldest first: the transaction's whole story, from which its
  // state is derived after a restart and when an event arrives days later. At most
  // kTransactionEntriesMax. Called from worker threads. Errors: as knows_transaction.
  virtual Result<std::vector<Entry>> entries_of(const TransactionId& id) = 0;

  // The durable intents (kProvisionIntent) of a day in Japan, oldest first; read in short turns, so
  // that appends go on meanwhile. Called from worker threads. Errors: as knows_transaction.
  virtual Result<std::vector<Entry>> intents_on(JstDay day) = 0;

  virtual LedgerHealth health() const = 0;
};

}  // namespace certrelay
