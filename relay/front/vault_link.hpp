// The front's end of the Unix socket to the vault: many requests at once, matched by number.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <deque>
#include <map>
#include <memory>

#include "protocol/wire/frame_buffer.hpp"
#include "relay/env/clock.hpp"
#include "relay/front/deadline.hpp"
#include "relay/front/event.hpp"

namespace certrelay {

struct VaultLinkLimits {
  std::size_t outstanding_max = 256;            // requests with the vault at once
  std::chrono::milliseconds answer_ms{30'000};  // the vault ends transactions long before
};

// One thread: that of the executor. Must outlive its coroutines: call close() or finish(),
// then wait until is_quiet().
class VaultLink {
 public:
  VaultLink(boost::asio::any_io_executor executor, Clock& clock, Role role, VaultLinkLimits limits);

  // Owns `fd` (a connected Unix stream socket) from now on; a link before it is broken off. Serves
  // only after the vault says so on this very link.
  void set_link(int fd);
  // Breaks the link off; finish() first writes what is queued.
  void close();
  void finish();
  bool is_quiet() const { return loops_ == 0; }

  bool is_connected() const { return wire_ != nullptr; }
  // The vault has said on this link that the listener may serve (INV-12).
  bool is_serving() const { return wire_ && wire_->serving; }
  // Set once the vault has said for the first time whether this listener may serve.
  Event& heard() { return heard_; }
  std::size_t outstanding() const { return waiting_.size(); }

  // Sends and waits. After an error the request may or may not have been carried out; its answer,
  // should it come, is dropped by its number (INV-2).
  // Errors: kVaultNotServing (no link, not yet, or it broke), kVaultOverloaded, kVaultSilent, and
  // those of encode().
  boost::asio::awaitable<Result<AnswerFrame>> ask(PeerName peer, HttpRequest request);

  // Queues a report. False when it cannot be sent now: the caller keeps its counts.
  bool report(const RefusalsFrame& refusals);

 private:
  using Queue = std::deque<std::pair<std::uint64_t, Bytes>>;  // id (0: a report) and frame
  struct Wire {                                               // one link's life
    Wire(boost::asio::local::stream_protocol::socket s, const boost::asio::any_io_executor& e)
        : socket(std::move(s)), more(e) {}
    boost::asio::local::stream_protocol::socket socket;
    FrameBuffer incoming;
    Queue queue;
    Event more;
    bool serving = false;
    bool finishing = false;
  };
  struct Waiting {
    Waiting(const boost::asio::any_io_executor& e, SteadyTime answer_until)
        : done(e), until(answer_until) {}
    Event done;
    SteadyTime until;
    bool late = false;
    std::optional<AnswerFrame> answer;
  };

  boost::asio::awaitable<Result<void>> read_loop(std::shared_ptr<Wire> wire);
  boost::asio::awaitable<Result<void>> write_loop(std::shared_ptr<Wire> wire);
  boost::asio::awaitable<Result<void>> write_queue(std::shared_ptr<Wire> wire, Deadline& writing);
  boost::asio::awaitable<Result<void>> send(std::shared_ptr<Wire> wire, Queue frames);
  boost::asio::awaitable<void> run_loop(boost::asio::awaitable<Result<void>> loop,
                                        std::shared_ptr<Wire> wire);
  void spawn(boost::asio::awaitable<Result<void>> loop, std::shared_ptr<Wire> wire);
  void take(Wire& wire, VaultFrame frame);
  void break_off(const std::shared_ptr<Wire>& wire);
  void enqueue(std::uint64_t id, Bytes frame);
  void forget(std::uint64_t id);
  void give_up_late();

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  Role role_;
  VaultLinkLimits limits_;
  std::shared_ptr<Wire> wire_;  // null: no link
  std::map<std::uint64_t, std::shared_ptr<Waiting>> waiting_;
  std::uint64_t next_id_ = 1;
  int loops_ = 0;
  Deadline answers_;  // of the request that has waited longest, as far as it is known
  Event heard_;
};

}  // namespace certrelay
