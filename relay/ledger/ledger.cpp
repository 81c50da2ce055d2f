#include "relay/ledger/ledger.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/base/check.hpp"
#include "relay/ledger/reader_turn.hpp"

namespace certrelay {

namespace asio = boost::asio;

Ledger::Ledger(Verified verified)
    : parts_(std::move(verified.parts_)),
      options_(std::move(verified.options_)),
      checkpoints_(parts_.files, options_.checkpoint_folder),
      opened_(verified.so_far_),
      read_at_start_(verified.read_),
      unfinished_(opened_.unfinished.closing_entries()),
      store_(std::move(verified.store_)),
      acknowledged_(store_->stated()),
      base_(std::move(verified.base_)),
      so_far_(std::move(verified.so_far_)),
      reserve_(std::move(verified.reserve_)),
      checkpoint_size_(verified.checkpoint_size_),
      time_(parts_.clock, opened_.last_trusted),
      last_(acknowledged_.last),
      only_reserve_(!reserve_.held()) {
  parts_.driver->start([this] { write_all_waiting(); });
  parts_.background->start([this] { work_in_background(); });
}

LedgerStore& Ledger::store() {
  CERTRELAY_CHECK(store_.has_value());
  return *store_;
}

Ledger::~Ledger() {
  // A caller who wants to know has called close() before.
  static_cast<void>(close().has_value());
}

asio::awaitable<Result<LedgerSequence>> Ledger::append(Entry entry, Guard guard) {
  auto start = [this](auto handler, Waiter waiter) {
    // Tracked, so that the caller's io_context does not run out of work meanwhile.
    const auto executor = asio::prefer(asio::get_associated_executor(handler),
                                       asio::execution::outstanding_work.tracked);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    waiter.complete = [held, executor](Result<LedgerSequence> result) {
      asio::post(executor, [held, result] { std::move (*held)(result); });
    };
    const auto refused = enqueue(waiter);
    if (refused.code != ErrorCode::kNone) waiter.complete(refused);
  };
  // Named: g++ 12 destroys an aggregate made inside a co_await expression twice.
  Waiter waiter{.entry = std::move(entry), .guard = std::move(guard), .complete = {}};
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                          void(Result<LedgerSequence>)>(start, asio::use_awaitable,
                                                                        std::move(waiter));
}

Error Ledger::enqueue(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  if (closed_) return {ErrorCode::kLedgerClosed, "ledger: closed"};
  if (reason_ != ErrorCode::kNone) return {ErrorCode::kLedgerNotWritable, "ledger: not writable"};
  if (only_reserve_ && !may_use_reserve(waiter.entry.kind)) {
    return {ErrorCode::kLedgerReserve, "ledger: only the disk's reserve is left"};
  }
  if (queue_.size() >= options_.waiting_max) return {ErrorCode::kLedgerFull, "ledger: queue full"};
  queue_.push_back(std::move(waiter));
  // Under the mutex: close() must find either the refusal or the woken writer.
  parts_.driver->wake();
  return {ErrorCode::kNone, ""};
}

void Ledger::await_readers() const {
  // One change is enough: whoever waits for the mutex then competes on equal terms.
  if (const int readers = readers_.load(); readers != 0) readers_.wait(readers);
}

Result<bool> Ledger::knows_transaction(const TransactionId& id) {
  LedgerReaderTurn turn(*this);
  CERTRELAY_TRY(auto* store, turn.store());
  return store->knows_transaction(id);
}

Result<std::vector<Entry>> Ledger::entries_of(const TransactionId& id) {
  LedgerReaderTurn turn(*this);
  CERTRELAY_TRY(auto* store, turn.store());
  return store->entries_of(id);
}

Result<std::vector<ExportEntry>> Ledger::read_after(LedgerSequence after, std::size_t max) {
  LedgerReaderTurn turn(*this);
  CERTRELAY_TRY(auto* store, turn.store());
  return store->read_after(after, max);
}

StartMark Ledger::now() {
  const LedgerReaderTurn turn(*this);
  return {acknowledged_, so_far_};
}

ChainState Ledger::base() const {
  const std::lock_guard guard(store_mutex_);
  return base_;
}

Result<std::optional<std::string>> Ledger::pruning() {
  LedgerReaderTurn turn(*this);
  CERTRELAY_TRY(auto* store, turn.store());
  return store->pruning();
}

Result<void> Ledger::prune(const std::string& note) {
  CERTRELAY_TRY(verify_checkpoint(note, parts_.key.verifier()));
  LedgerReaderTurn turn(*this);
  CERTRELAY_TRY(auto* store, turn.store());
  const auto pruned = store->prune(note);
  if (!pruned && pruned.error().code != ErrorCode::kStatementInvalid &&
      pruned.error().code != ErrorCode::kRetentionNotOver) {
    fail(pruned.error().code);
  }
  CERTRELAY_TRY(pruned);
  CERTRELAY_TRY(base_, store->base());
  return ok();
}

LedgerHealth Ledger::health() const {
  const std::lock_guard guard(mutex_);
  auto reason = reason_;
  if (reason == ErrorCode::kNone && only_reserve_) reason = ErrorCode::kLedgerReserve;
  if (reason_ == ErrorCode::kNone && closed_) reason = ErrorCode::kLedgerClosed;
  return LedgerHealth{.writable = reason == ErrorCode::kNone,
                      .reason = reason,
                      .last = last_,
                      .last_trusted_utc = time_.last(),
                      .clock_doubted = time_.doubted(),
                      .checkpoint_reason = checkpoint_reason_,
                      .check = checked_,
                      .waiting = queue_.size()};
}

ErrorCode Ledger::failure() const {
  const std::lock_guard guard(mutex_);
  return reason_;
}

bool Ledger::accept_clock(UtcTime not_before) {
  const std::lock_guard guard(mutex_);
  return time_.accept(not_before);
}

asio::awaitable<Result<std::size_t>> Ledger::close_unfinished() {
  const auto entries = std::exchange(unfinished_, {});
  for (const auto& entry : entries) {
    CERTRELAY_CO_TRY(co_await append(entry));
  }
  co_return entries.size();
}

asio::awaitable<void> Ledger::run_checkpoints() {
  for (;;) {
    co_await parts_.clock.sleep_until(parts_.clock.steady_now() + options_.checkpoint_interval);
    const std::lock_guard guard(mutex_);
    if (closed_) co_return;
    checkpoint_due_ = true;
    parts_.background->wake();
  }
}

Result<void> Ledger::close() {
  {
    const std::lock_guard guard(mutex_);
    if (std::exchange(closed_, true)) return ok();
  }
  parts_.driver->stop();
  parts_.background->stop();
  write_all_waiting();
  const std::lock_guard guard(store_mutex_);
  const bool failed = failure() != ErrorCode::kNone;
  Result<void> outcome = ok();
  if (failed) {
    outcome = Error{ErrorCode::kLedgerNotWritable, "ledger: closed after a failure"};
  } else {
    outcome = write_checkpoint({acknowledged_, so_far_});
    const auto tidied = store().tidy(true);
    if (outcome) outcome = tidied;
  }
  store_.reset();
  return outcome;
}

}  // namespace certrelay
