#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "relay/env/files.hpp"
#include "relay/ledger/commit_driver.hpp"

namespace certrelay {

// Syncs the ledger's log while its writer writes on: one sync at a time (docs/decisions/0128).
// Between begin() and take() the file stays open, and nobody else syncs it.
class LogSync {
 public:
  // `driver` runs the syncs; after each `ended` is called there.
  LogSync(std::unique_ptr<CommitDriver> driver, std::function<void()> ended);
  ~LogSync() { stop(); }
  LogSync(const LogSync&) = delete;
  LogSync& operator=(const LogSync&) = delete;

  // The next sync is of `log`, of all that was written to it so far; none: it has ended well.
  // Precondition: the last one was taken (CHECK). It begins when the driver comes to it after
  // hand_over(), or within wait().
  void begin(File* log);
  void hand_over();
  // Whether one was begun and not yet taken.
  bool under_way() const;
  // Waits until it has ended; runs it, if nobody has yet. What it came to, and leaves that to be
  // taken; ok if none is under way. Any thread.
  Result<void> wait();
  bool has_ended() const;
  // What it came to, once it has ended.
  std::optional<Result<void>> take();
  // Waits for what was handed over, then the driver ends. Idempotent.
  void stop() { driver_->stop(); }

 private:
  enum class State : std::uint8_t { kNone, kBegun, kRunning, kEnded };

  std::unique_ptr<CommitDriver> driver_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kNone;
  File* log_ = nullptr;
  Result<void> outcome_ = ok();
};

}  // namespace certrelay
