// The ledger's table: entries, their chain and the tree's frontier in one SQLite file (WAL,
// synchronous=FULL) on SqliteVfs. Knows nothing of time, queues and threads.
#pragma once

#include <functional>
#include <optional>

#include "protocol/record/export.hpp"
#include "relay/env/sqlite.hpp"

namespace certrelay {

// An entry ready to be stored.
struct LedgerRow {
  LedgerSequence sequence;
  Bytes entry;  // canonical
  Digest chain{};
  std::optional<TransactionId> transaction;
};

// An entry as it is stored, nothing of it verified.
struct StoredRow {
  std::int64_t sequence = 0;
  Bytes entry;
  Bytes chain;
  std::optional<Bytes> transaction;  // the index's column
};

// Takes the next stored row after checking it: bytes, chain, and that its columns say what the
// entry says. On an error the state stays before it. Errors: verify_next's, kChainBroken (columns).
Result<Entry> verify_row(ChainState& state, const StoredRow& row);

// What a walk over the stored entries found wrong first.
struct LedgerFinding {
  LedgerSequence at;  // the first bad entry, or the first that is missing
  Error error;
};

// One thread at a time. After an error of commit() the object is good for destruction only: what
// the file holds is known when it is opened again.
class LedgerStore {
 public:
  enum class Durability : std::uint8_t {
    kFull,
    kNone,  // no sync at all: for measurement only
  };

  // Makes an empty ledger named `origin`; kAlreadyExists where a file is. Errors: Database's.
  static Result<void> create(const SqliteVfs& vfs, Files& files, const std::string& path,
                             std::string_view origin);
  // Takes the lock. Errors: kNotFound, kLocked, kStoreVersion, kStoreCorrupt; Database's.
  static Result<LedgerStore> open(const SqliteVfs& vfs, const std::string& path,
                                  Durability durability = Durability::kFull);
  // For verification of a stopped ledger: takes the lock, changes nothing.
  static Result<LedgerStore> open_read_only(const SqliteVfs& vfs, const std::string& path);

  // After a failed sync the kernel may show bytes of the log that the disk does not have, and no
  // later sync writes them. Writes what can be read to where it lies and syncs it, so that what is
  // read back is durable. Call it while the ledger is open: it relies on the lock. Errors: Files'.
  static Result<void> write_log_again(Files& files, const std::string& path);

  const std::string& origin() const { return origin_; }
  // Where the file says that the ledger stands.
  const ChainState& stated() const { return stated_; }

  // The signed statement about the entries that left (protocol/record/retention.hpp); none: the
  // first entry is there. Who signed it is the caller's to verify.
  const std::optional<std::string>& pruning() const { return pruning_; }
  // The state before the first entry that is there. Errors: parse_pruning_note's,
  // kStatementInvalid (of another ledger).
  Result<ChainState> base() const;
  // Removes the entries up to the statement's, and keeps it in their place: one transaction.
  // Errors: as base(); kStatementInvalid (not the stored entry's chain, nothing younger is left, or
  // nothing is to be removed); as commit().
  Result<void> prune(const std::string& note);

  // Of a ledger without an entry: goes on behind the entries that such a statement says have left.
  // Errors: as prune(); kStatementInvalid also where entries are there.
  Result<void> begin_behind(const std::string& note);

  // All rows and the state after them, or nothing; durable when it returns ok.
  // Errors: kIoError, kDiskFull, kStoreCorrupt, kStoreFailed.
  Result<void> commit(std::span<const LedgerRow> rows, const ChainState& after);
  // Moves the write-ahead log into the table when it has grown, or always. Errors: as commit().
  Result<void> tidy(bool always);

  Result<bool> knows_transaction(const TransactionId& id);
  // At most kTransactionEntriesMax, oldest first.
  Result<std::vector<Entry>> entries_of(const TransactionId& id);
  // Up to `max` entries behind that one, ascending, as they are stored.
  Result<std::vector<ExportEntry>> read_after(LedgerSequence after, std::size_t max);

  // Up to `max` rows behind that one, ascending. Errors: kStoreCorrupt, kIoError, kStoreFailed.
  Result<std::vector<StoredRow>> rows_after(LedgerSequence after, std::size_t max);

  // Takes every entry from the first that is there, in order: verified, its bytes as stored, the
  // state after it.
  using Visit = std::function<Result<void>(const Entry&, ByteView, const ChainState&)>;
  // Stops at the first bad entry, or at visit's first error. Compares the end with stated().
  // The outer errors are the store's own; a store that SQLite calls damaged is a finding.
  Result<std::optional<LedgerFinding>> walk(const Visit& visit);
  // As walk(), but takes the entries after `from`, a state of this ledger that was verified before;
  // an entry of another ledger's at its place is a finding too.
  Result<std::optional<LedgerFinding>> walk_after(const ChainState& from, const Visit& visit);
  // SQLite's own check of the file's structure. Errors: kStoreCorrupt.
  Result<void> check_structure();

 private:
  LedgerStore(Database database, std::string origin, ChainState stated);
  static Result<LedgerStore> read_state(Database database);
  Result<void> read_pruning();
  Result<void> keep_statement(const std::string& note);
  Result<void> prepare();
  Result<bool> holds(const ChainState& state);
  Result<void> write(std::span<const LedgerRow> rows, const ChainState& after);
  static Result<std::vector<Entry>> read_entries(Statement& select);
  Result<std::optional<LedgerFinding>> walk_from(const ChainState& from, const Visit& visit);
  Result<void> walk_rows(Statement& rows, ChainState& state, const Visit& visit);

  Database database_;
  std::string origin_;
  ChainState stated_;
  std::optional<std::string> pruning_;
  std::optional<Statement> insert_;
  std::optional<Statement> update_;
  std::optional<Statement> find_;
  std::optional<Statement> entries_of_;
  std::size_t pages_in_log_ = 0;
};

}  // namespace certrelay
