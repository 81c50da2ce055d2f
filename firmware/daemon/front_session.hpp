// The vault's end of the socket to one front: frames in, answers out.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/strand.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "protocol/wire/frame_buffer.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

// What the vault does with the frames of one role. Called on the workers, many at once.
struct FrontVerbs {
  std::function<boost::asio::awaitable<HttpAnswer>(RequestFrame, SteadyTime received)> answer;
  std::function<void(const RefusalsFrame&)> refused;
  std::function<bool()> serving;
};

// Lives as long as its socket; owned by its own coroutine. A frame that is malformed, or of another
// role, ends it: a front that speaks so is not our front.
class FrontSession : public std::enable_shared_from_this<FrontSession> {
 public:
  static constexpr std::size_t kOutstandingMax = 2048;  // then the front's frames wait unread

  using Socket = boost::asio::local::stream_protocol::socket;
  FrontSession(Socket socket, Role role, FrontVerbs verbs, Clock& clock,
               boost::asio::any_io_executor workers);

  // Completes when the socket ends; answers that are still being worked on are dropped by then.
  boost::asio::awaitable<void> run();
  // Tells the front again whether it may serve. On the socket's executor.
  void tell_serving() { send(ServingFrame{verbs_.serving()}); }
  // Stops reading; outstanding answers still go out.
  void close_when_idle();

 private:
  boost::asio::awaitable<Result<FrontFrame>> read_frame();
  boost::asio::awaitable<void> work(RequestFrame frame, SteadyTime received);
  boost::asio::awaitable<void> write_queue();
  void send(const VaultFrame& frame);
  void take(FrontFrame frame);

  Socket socket_;
  const Role role_;
  const FrontVerbs verbs_;
  Clock& clock_;
  boost::asio::any_io_executor workers_;
  FrameBuffer incoming_;        // run() alone
  std::deque<Bytes> outgoing_;  // touched on the socket's executor alone
  bool writing_ = false;
  bool closing_ = false;
  std::size_t outstanding_ = 0;
};

}  // namespace certrelay
