#include "firmware/daemon/front_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "firmware/daemon/or_abort.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace asio = boost::asio;
using boost::system::error_code;

FrontSession::FrontSession(Socket socket, Role role, FrontVerbs verbs, Clock& clock,
                           asio::any_io_executor workers)
    : socket_(std::move(socket)),
      role_(role),
      verbs_(std::move(verbs)),
      clock_(clock),
      workers_(std::move(workers)) {}

asio::awaitable<Result<FrontFrame>> FrontSession::read_frame() {
  while (true) {
    CERTRELAY_CO_TRY(const auto frame, incoming_.next());
    if (!frame.empty()) co_return decode_front_frame(frame);
    const auto room = incoming_.room();
    error_code error;
    const auto got = co_await socket_.async_read_some(
        asio::buffer(room.data(), room.size()), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return Error{ErrorCode::kChannelClosed, "front session: closed"};
    incoming_.filled(got);
  }
}

asio::awaitable<void> FrontSession::run() {
  const auto self = shared_from_this();
  send(ServingFrame{verbs_.serving()});
  while (!closing_) {
    auto frame = co_await read_frame();
    if (!frame) break;
    const auto* request = std::get_if<RequestFrame>(&frame.value());
    if (request != nullptr && request->role != role_) break;
    take(std::move(frame.value()));
    // The front bounds what it has outstanding far below this; one that does not, waits.
    while (outstanding_ >= kOutstandingMax) {
      co_await clock_.sleep_until(clock_.steady_now() + std::chrono::milliseconds(10));
    }
  }
  if (outstanding_ == 0 || !closing_) socket_.close();
}

void FrontSession::take(FrontFrame frame) {
  if (const auto* refusals = std::get_if<RefusalsFrame>(&frame)) {
    verbs_.refused(*refusals);
    return;
  }
  // It served when the link began and serves no more: whoever waits at the front learns at once.
  if (!verbs_.serving()) {
    send(ServingFrame{false});
    return close_when_idle();
  }
  ++outstanding_;
  asio::co_spawn(
      workers_,
      [](std::shared_ptr<FrontSession> self, RequestFrame request,
         SteadyTime received) -> asio::awaitable<void> {
        co_await or_abort(self->work(std::move(request), received));
      }(shared_from_this(), std::move(std::get<RequestFrame>(frame)), clock_.steady_now()),
      asio::detached);
}

// On the workers.
asio::awaitable<void> FrontSession::work(RequestFrame frame, SteadyTime received) {
  const auto id = frame.id;
  auto answer = co_await verbs_.answer(std::move(frame), received);
  asio::post(socket_.get_executor(),
             [self = shared_from_this(), id, answer = std::move(answer)]() mutable {
               --self->outstanding_;
               self->send(AnswerFrame{id, false, std::move(answer)});
             });
}

void FrontSession::send(const VaultFrame& frame) {
  auto bytes = encode(frame);
  CERTRELAY_CHECK(bytes.has_value());
  outgoing_.push_back(std::move(bytes.value()));
  if (writing_) return;
  writing_ = true;
  asio::co_spawn(
      socket_.get_executor(),
      [](std::shared_ptr<FrontSession> self) -> asio::awaitable<void> {
        co_await or_abort(self->write_queue());
      }(shared_from_this()),
      asio::detached);
}

asio::awaitable<void> FrontSession::write_queue() {
  error_code error;
  while (!outgoing_.empty() && !error) {
    // All that wait, by one call.
    const auto frames = std::exchange(outgoing_, {});
    std::vector<asio::const_buffer> buffers;
    for (const auto& frame : frames) buffers.push_back(asio::buffer(frame));
    co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
  }
  writing_ = false;
  if (error) outgoing_.clear();  // the front is gone; whoever waits asks again
  if (closing_ && outstanding_ == 0) socket_.close();
}

void FrontSession::close_when_idle() {
  closing_ = true;
  error_code ignored;
  socket_.shutdown(Socket::shutdown_receive, ignored);
}

}  // namespace certrelay
