#include "relay/ledger/commit_driver.hpp"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

class ThreadDriver final : public CommitDriver {
 public:
  ThreadDriver() = default;
  ~ThreadDriver() override { stop(); }
  ThreadDriver(const ThreadDriver&) = delete;
  ThreadDriver& operator=(const ThreadDriver&) = delete;

  void start(std::function<void()> job) override {
    CERTRELAY_CHECK(!thread_.joinable());
    thread_ = std::thread([this, work = std::move(job)] { run(work); });
  }

  void wake() override {
    {
      const std::lock_guard guard(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }

  void stop() override {
    {
      const std::lock_guard guard(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run(const std::function<void()>& job) {
    std::unique_lock guard(mutex_);
    for (;;) {
      changed_.wait(guard, [this] { return woken_ || stopping_; });
      if (!woken_) return;
      woken_ = false;
      guard.unlock();
      job();
      guard.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

class ExecutorDriver final : public CommitDriver {
 public:
  explicit ExecutorDriver(boost::asio::any_io_executor executor)
      : executor_(std::move(executor)), state_(std::make_shared<State>()) {}
  ~ExecutorDriver() override { stop(); }
  ExecutorDriver(const ExecutorDriver&) = delete;
  ExecutorDriver& operator=(const ExecutorDriver&) = delete;

  void start(std::function<void()> job) override { state_->job = std::move(job); }

  void wake() override {
    if (!state_->job || std::exchange(state_->woken, true)) return;
    // Shared, for the posted call may outlive this object.
    boost::asio::post(executor_, [state = state_] { state->run(); });
  }

  void stop() override {
    state_->run();
    state_->job = nullptr;
  }

 private:
  struct State {
    std::function<void()> job;
    bool woken = false;
    void run() {
      if (std::exchange(woken, false) && job) job();
    }
  };
  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_;
};

}  // namespace

std::unique_ptr<CommitDriver> make_thread_driver() { return std::make_unique<ThreadDriver>(); }

std::unique_ptr<CommitDriver> make_executor_driver(boost::asio::any_io_executor executor) {
  return std::make_unique<ExecutorDriver>(std::move(executor));
}

}  // namespace certrelay
