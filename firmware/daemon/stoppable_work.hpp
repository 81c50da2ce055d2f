// Work on the vault's workers that has no end of its own, and the one safe way to end it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>
#include <future>

namespace certrelay {

// Asio's cancellation is no other thread's to give: it touches what the work's own steps touch
// (decision 0109). Here both run on one strand.
class StoppableWork {
 public:
  // Begins `work` at once. `workers` must outlive this object. What `work` throws, a cancellation
  // excepted, ends the process (or_abort).
  StoppableWork(const boost::asio::any_io_executor& workers, boost::asio::awaitable<void> work);
  StoppableWork(const StoppableWork&) = delete;
  StoppableWork& operator=(const StoppableWork&) = delete;

  // The work ends at its next wait. Any thread, once; returns at once.
  void stop();
  // After stop(): returns when it has ended. Not for a thread of `workers`.
  void wait() const;

 private:
  boost::asio::strand<boost::asio::any_io_executor> strand_;
  boost::asio::cancellation_signal signal_;
  std::future<void> ended_;
  std::future<void> told_;  // of the stop
};

// One step of such work, `step` to its end although a stop comes meanwhile; the stop then ends the
// work after it. For a step that goes on on another executor: Asio 1.81 hands a cancellation on to
// there by a bare pointer, which a step that just ends leaves dangling.
boost::asio::awaitable<void> whole(boost::asio::awaitable<void> step);

}  // namespace certrelay
