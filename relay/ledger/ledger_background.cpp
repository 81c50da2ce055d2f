// The background's side of Ledger: what no append may wait for. Everything here runs in the
// background driver's job, close()'s last checkpoint excepted.
#include "relay/ledger/reader_turn.hpp"

namespace certrelay {

void Ledger::work_in_background() {
  write_checkpoint_if_due();
  check_slice_if_due();
}

// The writer waits for the copy alone: signing and the folder's disk, which may be another
// machine's, take the time that they take.
void Ledger::write_checkpoint_if_due() {
  {
    const std::lock_guard guard(mutex_);
    if (!std::exchange(checkpoint_due_, false) || reason_ != ErrorCode::kNone) return;
  }
  static_cast<void>(write_checkpoint(now()).has_value());  // told by health()
}

Result<void> Ledger::write_checkpoint(const StartMark& mark) {
  const auto checkpoint = checkpoint_of(parts_.key.origin(), mark.at);
  if (checkpoint.size == checkpoint_size_) return ok();
  auto written = checkpoints_.write(parts_.key, checkpoint);
  if (written) {
    checkpoint_size_ = checkpoint.size;
    // Behind its checkpoint: with an older mark a start reads a little more.
    written = write_start_mark(parts_.files, options_.path, parts_.key, mark);
  }
  const std::lock_guard guard(mutex_);
  checkpoint_reason_ = written ? ErrorCode::kNone : written.error().code;
  return written;
}

boost::asio::awaitable<void> Ledger::run_verification() {
  for (;;) {
    std::chrono::milliseconds rest{};
    {
      const std::lock_guard guard(mutex_);
      if (closed_) co_return;
      rest = std::exchange(pass_over_, false) ? options_.check_interval : options_.check_pause;
      if (rest == options_.check_pause) {
        slice_due_ = true;
        parts_.background->wake();
      }
    }
    co_await parts_.clock.sleep_until(parts_.clock.steady_now() + rest);
  }
}

void Ledger::check_slice_if_due() {
  {
    const std::lock_guard guard(mutex_);
    // While the store is in trouble there is nothing to be read; the pass goes on afterwards.
    if (!std::exchange(slice_due_, false) || closed_ || reason_ != ErrorCode::kNone) return;
  }
  check_slice();
}

void Ledger::begin_check(const ChainState& base) {
  auto promised = promised_by(checkpoints_, parts_.key.verifier(), true);
  // A folder that cannot be listed promises nothing now; checkpoint_reason tells of it.
  check_.emplace(base, promised ? std::move(promised).value() : PromisedRoots{},
                 options_.check_milestone);
}

void Ledger::check_slice() {
  Result<std::vector<StoredRow>> rows = std::vector<StoredRow>();
  ChainState base;
  ChainState end;
  {
    LedgerReaderTurn turn(*this);
    const auto store = turn.store();
    if (!store) return;
    base = base_;
    end = acknowledged_;
    const auto after = check_ && check_->last() >= base.last ? check_->last() : base.last;
    rows = store.value()->rows_after(after, options_.check_slice);
  }
  // A pass whose next entries have left in the meantime begins anew.
  if (!check_ || check_->last() < base.last) begin_check(base);
  if (!rows) return end_check(check_->finish(rows.error()));
  const auto taken = check_->take(rows.value());
  keep_milestones(check_->take_milestones());
  if (!taken) return end_check(check_->finish(taken.error()));
  if (check_->last() >= end.last || rows.value().empty()) end_check(check_->finish(end));
}

// Kept for good: of what was verified once a later reading asks the chain again.
void Ledger::keep_milestones(std::vector<Milestone> milestones) {
  const std::lock_guard guard(mutex_);
  for (auto& one : milestones) milestones_.insert_or_assign(one.state.last, std::move(one));
}

Milestone Ledger::milestone_before(LedgerSequence at) const {
  Milestone out{.state = base(), .runs = {}};
  const std::lock_guard guard(mutex_);
  const auto next = milestones_.upper_bound(at);
  if (next == milestones_.begin()) return out;
  const auto& found = std::prev(next)->second;
  return found.state.last > out.state.last ? found : out;
}

void Ledger::end_check(std::optional<LedgerFinding> finding) {
  const auto last = check_->last();
  check_.reset();
  const std::lock_guard guard(mutex_);
  pass_over_ = true;
  ++checked_.passes;
  checked_.finding = finding ? finding->error.code : ErrorCode::kNone;
  checked_.at = finding ? finding->at : LedgerSequence();
  if (finding) {
    ++checked_.findings;
  } else {
    checked_.verified = last;
    checked_.verified_at = parts_.clock.utc_now();
  }
}

}  // namespace certrelay
