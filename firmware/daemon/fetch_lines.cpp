#include "firmware/daemon/fetch_lines.hpp"

#include "firmware/daemon/child_process.hpp"

namespace certrelay {

OwnedFd FetchLines::take(SteadyTime until) {
  std::unique_lock guard(mutex_);
  if (!send_control(kControlFd, ControlKind::kFetch, Role::kCenter)) return {};
  const auto patience = until - clock_.steady_now();
  if (!answered_.wait_for(guard, patience, [this] { return !lines_.empty(); })) {
    ++given_up_;
    return {};
  }
  auto out = std::move(lines_.front());
  lines_.pop_front();
  return out;
}

void FetchLines::give(OwnedFd line) {
  const std::lock_guard guard(mutex_);
  if (given_up_ > 0) {
    --given_up_;
    return;
  }
  lines_.push_back(std::move(line));
  answered_.notify_one();
}

}  // namespace certrelay
