#include "relay/ledger/log_sync.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {

LogSync::LogSync(std::unique_ptr<CommitDriver> driver, std::function<void()> ended)
    : driver_(std::move(driver)) {
  driver_->start([this, tell = std::move(ended)] {
    static_cast<void>(wait().has_value());  // take() tells
    tell();
  });
}

void LogSync::begin(File* log) {
  const std::lock_guard guard(mutex_);
  CERTRELAY_CHECK(state_ == State::kNone);
  state_ = log != nullptr ? State::kBegun : State::kEnded;
  log_ = log;
  outcome_ = ok();
}

// Where there is nothing to sync nobody need wake.
void LogSync::hand_over() {
  if (!has_ended()) driver_->wake();
}

bool LogSync::has_ended() const {
  const std::lock_guard guard(mutex_);
  return state_ == State::kEnded;
}

bool LogSync::under_way() const {
  const std::lock_guard guard(mutex_);
  return state_ != State::kNone;
}

Result<void> LogSync::wait() {
  std::unique_lock guard(mutex_);
  if (state_ == State::kBegun) {
    state_ = State::kRunning;
    guard.unlock();
    auto synced = log_->sync();
    guard.lock();
    outcome_ = std::move(synced);
    state_ = State::kEnded;
    changed_.notify_all();
  }
  changed_.wait(guard, [this] { return state_ != State::kRunning; });
  if (state_ != State::kEnded) return ok();
  return outcome_;
}

std::optional<Result<void>> LogSync::take() {
  const std::lock_guard guard(mutex_);
  if (state_ != State::kEnded) return std::nullopt;
  state_ = State::kNone;
  return outcome_;
}

}  // namespace certrelay
