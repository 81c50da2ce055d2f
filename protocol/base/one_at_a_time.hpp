#pragma once

#include <atomic>

namespace certrelay {

// For as long as the first lives no other is its own. `busy` outlives it.
class OneAtATime {
 public:
  explicit OneAtATime(std::atomic<bool>& busy) : busy_(busy), mine_(!busy.exchange(true)) {}
  ~OneAtATime() {
    if (mine_) busy_ = false;
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
  bool mine() const { return mine_; }

 private:
  std::atomic<bool>& busy_;
  const bool mine_;
};

}  // namespace certrelay
