// The five-year ledger: durable before anybody hears of it (R41, R42).
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "relay/ledger/checkpoint_folder.hpp"
#include "relay/ledger/commit_driver.hpp"
#include "relay/ledger/disk_reserve.hpp"
#include "relay/ledger/ledger_check.hpp"
#include "relay/ledger/ledger_store.hpp"
#include "relay/ledger/start_mark.hpp"
#include "relay/ledger/trusted_time.hpp"
#include "relay/ports/ledger_port.hpp"

namespace certrelay {

struct LedgerOptions {
  std::string path;               // of the SQLite file, made by LedgerStore::create
  std::string checkpoint_folder;  // made if absent
  std::chrono::milliseconds checkpoint_interval{3'600'000};
  std::size_t waiting_max = 4096;  // appends in the queue; one more is kLedgerFull
  // Entries committed at once: as many as callers can wait, one a connection of the center's
  // listener (FrontLimits::connections_max). A sync costs the same for few and for many.
  std::size_t group_max = 1024;
  std::chrono::milliseconds watch_interval{2'000};  // of run_store_watch
  std::size_t reserve_bytes = std::size_t{32}
                              << 20U;  // see DiskReserve; a group at its largest fits
  // Of run_verification: entries a slice, the rest between two slices, and between two passes.
  std::size_t check_slice = 512;
  std::chrono::milliseconds check_pause{10};
  std::uint64_t check_milestone = kMilestoneEntries;  // milestone_before()'s
  std::chrono::milliseconds check_interval{86'400'000};
  LedgerStore::Durability durability = LedgerStore::Durability::kFull;
};

// One writer: entries get their order, number and time there and nowhere else. After the first
// error of a commit nothing is written until the file was opened again and read back, which
// run_store_watch() does: no entry is assumed either way. With a full disk only what ends something
// begun is written, into the reserve (kLedgerReserve for the rest). What an append must never wait
// for (signing and writing checkpoints, verifying what is stored) is the background's. Thread-safe;
// close() it before the executors of its callers die.
class Ledger final : public LedgerPort {
 public:
  struct Parts {
    const SqliteVfs& vfs;
    Files& files;
    Clock& clock;
    const CheckpointKey& key;                  // its origin must be the ledger's
    std::unique_ptr<CommitDriver> driver;      // the writer's
    std::unique_ptr<CommitDriver> background;  // another thread, or the same io_context
  };

  // Verifies the newest checkpoint and every entry behind the start mark that was written with it
  // (every entry where there is no mark); the others are run_verification()'s. An older copy of the
  // file does not open. Errors: LedgerStore::open's; the first finding's error (`certrelayctl
  // ledger verify` names the entry); kCheckpointMismatch, kLedgerRolledBack.
  static Result<std::unique_ptr<Ledger>> open(Parts parts, LedgerOptions options);

  // What open() has read; nobody else can make one.
  class Verified;
  explicit Ledger(Verified verified);
  ~Ledger() override;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard = {}) override;
  Result<bool> knows_transaction(const TransactionId& id) override;
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override;
  Result<std::vector<Entry>> intents_on(JstDay day) override;
  LedgerHealth health() const override;
  // Up to `max` durable entries behind that one, as they are stored; between two groups of the
  // writer. Errors: as entries_of.
  Result<std::vector<ExportEntry>> read_after(LedgerSequence after, std::size_t max);

  // What the durable entries leave in force, and which they are.
  StartMark now();
  // The last state up to `at` that run_verification() has come by in this process: from there an
  // export reads on instead of from the first entry. Without one the state before that.
  Milestone milestone_before(LedgerSequence at) const;

  // The state before the first entry that is there, and the signed statement about those that have
  // left, if any have. Errors of the latter: as entries_of.
  ChainState base() const;
  Result<std::optional<std::string>> pruning();
  // LedgerStore::prune, between two groups of the writer: one block at a time, so that no append
  // waits for long. Errors: verify_checkpoint's, LedgerStore::prune's; of a file's error the ledger
  // is lost, as of a commit's.
  Result<void> prune(const std::string& note);

  // What was in force when the ledger was opened (INV-9).
  const StandingOrders& standing() const { return opened_.standing; }
  ErrorCode latched_alarm() const { return opened_.standing.alarm; }

  // The lists of earlier runs, one an issuer, as the entries had them when the ledger was opened.
  const std::vector<RecordedCrl>& recorded_crls() const { return opened_.crls; }

  // How many entries open() has read and verified.
  std::uint64_t read_at_start() const { return read_at_start_; }

  // See TrustedTime::accept. Until the first success every entry is marked.
  bool accept_clock(UtcTime not_before);
  // Appends the end of every transaction that the ledger had without one when it was opened: to be
  // awaited before the first new transaction. Returns how many. Errors: append's.
  boost::asio::awaitable<Result<std::size_t>> close_unfinished();
  // Writes a checkpoint each interval in which entries came, until cancelled.
  boost::asio::awaitable<void> run_checkpoints();

  // Each watch_interval, until cancelled: probes the file system, so that a lost mount, a full or
  // read-only disk shows in health() before anybody appends; reads a failed store back and goes on
  // after an entry kLedgerRecovered and the end of every transaction read back (R42).
  boost::asio::awaitable<void> run_store_watch();

  // Verifies all that is stored, slice by slice, at once and then each check_interval, until
  // cancelled; health().check tells what it found.
  boost::asio::awaitable<void> run_verification();

  // Commits what waits, writes the last checkpoint, closes the file; appends are refused from now
  // on. Idempotent. Errors: the first of these steps; all are taken.
  Result<void> close();

 private:
  struct Waiter {
    Entry entry;
    Guard guard;
    std::function<void(Result<LedgerSequence>)> complete;
  };
  using Group = std::vector<Waiter>;
  struct Planned;
  friend class LedgerReaderTurn;

  LedgerStore& store();  // precondition: not closed (CHECK), store_mutex_ is held
  Error enqueue(Waiter& waiter);
  void write_all_waiting();
  Group take_group();
  void commit(Group group);
  Planned plan(Group& group);
  Result<LedgerRow> plan_one(Waiter& waiter, ChainState& state);
  Result<void> store_rows(const Planned& planned);
  void tidy();
  void work_in_background();
  void write_checkpoint_if_due();
  // Of `mark`, which the entries have come to; then the mark. Writes nothing where nothing is new.
  Result<void> write_checkpoint(const StartMark& mark);
  void check_slice_if_due();
  void check_slice();
  void begin_check(const ChainState& base);
  void keep_milestones(std::vector<Milestone> milestones);
  void end_check(std::optional<LedgerFinding> finding);
  void fail(ErrorCode code);
  ErrorCode failure() const;
  static bool may_use_reserve(EntryKind kind);
  void look_after_store_if_due();
  void probe();
  void recover(ErrorCode reason);
  // Lets go of the store and opens it again; the entries after acknowledged_, which they become
  // part of. store_mutex_ is held.
  Result<std::vector<Entry>> reopen();
  Result<void> store_from_reserve(std::span<const LedgerRow> rows, const ChainState& after);
  void set_only_reserve(bool only);
  void await_readers() const;

  Parts parts_;
  const LedgerOptions options_;
  CheckpointFolder checkpoints_;
  const StartState opened_;  // when it was opened
  const std::uint64_t read_at_start_;
  std::vector<Entry> unfinished_;

  // The file. A reader announces itself, so that a busy writer lets it in between two groups.
  mutable std::mutex store_mutex_;
  std::optional<LedgerStore> store_;  // none: closed, or a failed one that does not open
  ChainState acknowledged_;           // after the last entry known to be durable
  std::atomic<int> readers_{0};
  ChainState base_;    // under store_mutex_
  StartState so_far_;  // of the entries up to acknowledged_, under store_mutex_

  DiskReserve reserve_;  // the writer's

  // The background's, and close()'s once that has stopped.
  std::uint64_t checkpoint_size_ = 0;  // of the newest checkpoint written
  std::optional<LedgerCheck> check_;   // none between two passes

  // Short holds only: the queue and what health() tells.
  mutable std::mutex mutex_;
  std::deque<Waiter> queue_;
  TrustedTime time_;
  LedgerSequence last_;
  ErrorCode reason_ = ErrorCode::kNone;
  ErrorCode checkpoint_reason_ = ErrorCode::kNone;
  bool checkpoint_due_ = false;
  bool watch_due_ = false;
  bool slice_due_ = false;
  bool pass_over_ = false;  // run_verification may rest
  LedgerCheckHealth checked_;
  std::map<LedgerSequence, Milestone> milestones_;
  bool only_reserve_ = false;
  bool closed_ = false;
};

class Ledger::Verified {
 private:
  friend class Ledger;
  Verified(Parts parts, LedgerOptions options, LedgerStore store)
      : parts_(std::move(parts)), options_(std::move(options)), store_(std::move(store)) {}
  Parts parts_;
  LedgerOptions options_;
  LedgerStore store_;
  DiskReserve reserve_{parts_.files, options_.path, options_.reserve_bytes};
  StartState so_far_;
  std::uint64_t read_ = 0;
  std::uint64_t checkpoint_size_ = 0;
  ChainState base_;
};

}  // namespace certrelay
