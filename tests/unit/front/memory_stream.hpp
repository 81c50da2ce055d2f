// A client's connection in memory, so that every deadline can be tested in simulated time.
#pragma once

#include <functional>
#include <string>

#include "relay/front/byte_stream.hpp"
#include "relay/front/event.hpp"

namespace certrelay::testing {

// What the test and the session's stream share.
struct Wire {
  explicit Wire(const boost::asio::any_io_executor& executor)
      : arrived(executor), opened(executor), taken(executor) {}

  void arrive(std::string_view bytes) {
    incoming += bytes;
    arrived.set();
  }
  void hang_up() {
    ended = true;
    arrived.set();
  }

  Event arrived;
  Event opened;                // the handshake is done once this is set
  Event taken;                 // ends the wait of a write that nobody takes
  std::function<void()> told;  // something was sent, or the session has closed it
  std::optional<LeafIdentity> leaf;
  std::string incoming;
  std::string sent;
  bool ended = false;      // the client has gone
  bool takes = true;       // the client reads what is sent
  bool finished = false;   // the session ended the connection in order
  bool deaf = false;       // a piece arrives whenever the session cancels: it reads on
  bool aborted = false;    // the session closed it
  bool cancelled = false;  // the session gave up what was under way
};

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

  boost::asio::awaitable<Result<std::optional<LeafIdentity>>> open(UtcTime) override {
    (void)co_await wire_->opened.wait();
    if (!wire_->opened.is_set() || wire_->aborted || wire_->cancelled) {
      co_return Error{ErrorCode::kHandshakeFailed, "memory"};
    }
    co_return wire_->leaf;
  }
  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> out) override {
    if (wire_->incoming.empty() && !wire_->ended) {
      wire_->arrived.reset();
      (void)co_await wire_->arrived.wait();
    }
    if (wire_->incoming.empty() || wire_->aborted) {
      co_return Error{ErrorCode::kConnectionEnded, "memory"};
    }
    const std::size_t size = std::min(out.size(), wire_->incoming.size());
    std::copy_n(wire_->incoming.begin(), size, out.begin());
    wire_->incoming.erase(0, size);
    co_return size;
  }
  boost::asio::awaitable<Result<void>> write_all(ByteView bytes) override {
    if (!wire_->takes) {
      (void)co_await wire_->taken.wait();
      co_return Error{ErrorCode::kConnectionEnded, "memory"};
    }
    wire_->sent += as_text(bytes);
    if (wire_->told) wire_->told();
    co_return ok();
  }
  boost::asio::awaitable<Result<void>> finish() override {
    wire_->finished = true;
    co_return ok();
  }
  void cancel() override {
    if (wire_->deaf) return;
    wire_->cancelled = true;
    wire_->arrived.set();
    wire_->opened.set();
    wire_->taken.set();
  }
  void abort() override {
    wire_->deaf = false;
    cancel();
    wire_->aborted = true;
    if (wire_->told) wire_->told();
  }

 private:
  std::shared_ptr<Wire> wire_;
};

}  // namespace certrelay::testing
