// Who runs the ledger's writer: a thread of its own in production, the caller's io_context in a
// simulation, where the same seed then gives the same groups.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace certrelay {

class CommitDriver {
 public:
  virtual ~CommitDriver() = default;
  // Once, before anything else. `job` commits all that waits; never runs twice at the same time.
  virtual void start(std::function<void()> job) = 0;
  // The job runs at least once after this call. Thread-safe.
  virtual void wake() = 0;
  // Runs what was woken, then never again. Not from within the job. Idempotent.
  virtual void stop() = 0;
};

std::unique_ptr<CommitDriver> make_thread_driver();
// For one thread that runs `executor`.
std::unique_ptr<CommitDriver> make_executor_driver(boost::asio::any_io_executor executor);

}  // namespace certrelay
