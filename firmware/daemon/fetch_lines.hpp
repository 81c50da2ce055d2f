// Connections to certrelay-fetch, which the vault's parent makes: the vault itself may open no
// socket.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "firmware/daemon/owned_fd.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

class FetchLines {
 public:
  // `clock` must outlive it.
  explicit FetchLines(Clock& clock) : clock_(clock) {}

  // Asks the parent and blocks until it answers, at the latest until then. None: nobody listens
  // there, or the parent did not answer in time. Any thread but the one that calls give().
  OwnedFd take(SteadyTime until);
  // The parent's answer to the oldest question; none: nobody listens.
  void give(OwnedFd line);

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<OwnedFd> lines_;
  std::size_t given_up_ = 0;  // questions whose askers no longer wait for their answers
};

}  // namespace certrelay
