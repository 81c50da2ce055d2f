#include "relay/front/vault_link.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include "relay/front/await.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::size_t kQueueMax = 1024;  // frames of all kinds that wait to be written

Error broken() { return {ErrorCode::kVaultNotServing, "front: link to the vault"}; }

}  // namespace

VaultLink::VaultLink(asio::any_io_executor executor, Clock& clock, Role role,
                     VaultLinkLimits limits)
    : executor_(std::move(executor)),
      clock_(clock),
      role_(role),
      limits_(limits),
      answers_(executor_, clock, [this] { give_up_late(); }),
      heard_(executor_) {}

void VaultLink::set_link(int fd) {
  close();
  asio::local::stream_protocol::socket socket(executor_);
  boost::system::error_code failed;
  socket.assign(asio::local::stream_protocol(), fd, failed);
  if (failed) {  // no socket of this kind: stays without a link, and every request says so
    ::close(fd);
    return;
  }
  wire_ = std::make_shared<Wire>(std::move(socket), executor_);
  spawn(read_loop(wire_), wire_);
  spawn(write_loop(wire_), wire_);
}

void VaultLink::close() {
  if (wire_) break_off(wire_);
}

void VaultLink::finish() {
  if (!wire_) return;
  wire_->finishing = true;
  wire_->more.set();
}

void VaultLink::spawn(awaitable<Result<void>> loop, std::shared_ptr<Wire> wire) {
  ++loops_;
  asio::co_spawn(executor_, run_loop(std::move(loop), std::move(wire)),
                 [this](const std::exception_ptr& bug) {
                   --loops_;
                   if (bug) std::rethrow_exception(bug);
                 });
}

awaitable<void> VaultLink::run_loop(awaitable<Result<void>> loop, std::shared_ptr<Wire> wire) {
  const auto ended = co_await std::move(loop);
  // A loop ends well only because the other one broke the link off.
  if (!ended) break_off(wire);
}

// Everybody who waits for an answer over this link learns at once that none will come.
void VaultLink::break_off(const std::shared_ptr<Wire>& wire) {
  boost::system::error_code already_closed;
  wire->socket.close(already_closed);
  wire->more.set();
  if (wire != wire_) return;
  wire_.reset();
  answers_.stop();
  for (const auto& [id, waiting] : waiting_) waiting->done.set();
}

awaitable<Result<void>> VaultLink::read_loop(std::shared_ptr<Wire> wire) {
  while (true) {
    CERTRELAY_CO_TRY(const auto frame, wire->incoming.next());
    if (frame.empty()) {
      const auto room = wire->incoming.room();
      const auto [failed, size] =
          co_await wire->socket.async_read_some(asio::buffer(room.data(), room.size()), kAwait);
      if (failed) co_return broken();
      wire->incoming.filled(size);
      continue;
    }
    CERTRELAY_CO_TRY(auto decoded, decode_vault_frame(frame));
    take(*wire, std::move(decoded));
  }
}

void VaultLink::take(Wire& wire, VaultFrame frame) {
  if (const auto* serving = std::get_if<ServingFrame>(&frame)) {
    wire.serving = serving->serving;
    heard_.set();
    return;
  }
  auto& answer = std::get<AnswerFrame>(frame);
  const auto found = waiting_.find(answer.id);
  if (found == waiting_.end()) return;  // late: dropped by its number (INV-2)
  found->second->answer = std::move(answer);
  found->second->done.set();
}

awaitable<Result<void>> VaultLink::write_loop(std::shared_ptr<Wire> wire) {
  // A vault that takes nothing for so long is broken off: this loop's end does that.
  Deadline writing(executor_, clock_, [wire = wire.get()] {
    boost::system::error_code already_closed;
    wire->socket.close(already_closed);
  });
  const auto ended = co_await write_queue(std::move(wire), writing);
  writing.stop();
  co_return ended;
}

awaitable<Result<void>> VaultLink::write_queue(std::shared_ptr<Wire> wire, Deadline& writing) {
  while (wire->socket.is_open()) {
    if (wire->queue.empty()) {
      if (wire->finishing) co_return broken();
      wire->more.reset();
      CERTRELAY_CO_TRY(co_await wire->more.wait());
      continue;
    }
    // All that wait, by one call.
    auto frames = std::exchange(wire->queue, {});
    writing.set(clock_.steady_now() + limits_.answer_ms);
    CERTRELAY_CO_TRY(co_await send(wire, std::move(frames)));
    writing.lift();
  }
  co_return ok();
}

awaitable<Result<void>> VaultLink::send(std::shared_ptr<Wire> wire, Queue frames) {
  std::vector<asio::const_buffer> buffers;
  for (const auto& [id, frame] : frames) buffers.push_back(asio::buffer(frame));
  const auto [failed, size] = co_await asio::async_write(wire->socket, buffers, kAwait);
  if (failed) co_return broken();
  co_return ok();
}

void VaultLink::enqueue(std::uint64_t id, Bytes frame) {
  wire_->queue.emplace_back(id, std::move(frame));
  wire_->more.set();
}

// The number means nothing any more; a frame that still waits will not be sent.
void VaultLink::forget(std::uint64_t id) {
  waiting_.erase(id);
  if (wire_) std::erase_if(wire_->queue, [id](const auto& entry) { return entry.first == id; });
}

awaitable<Result<AnswerFrame>> VaultLink::ask(PeerName peer, HttpRequest request) {
  if (!is_serving()) co_return broken();
  if (waiting_.size() >= limits_.outstanding_max || wire_->queue.size() >= kQueueMax) {
    co_return Error{ErrorCode::kVaultOverloaded, "front: outstanding requests"};
  }
  const std::uint64_t id = next_id_++;
  CERTRELAY_CO_TRY(
      auto frame,
      encode(FrontFrame(RequestFrame{
          .id = id, .role = role_, .peer = std::move(peer), .request = std::move(request)})));
  const auto waiting =
      std::make_shared<Waiting>(executor_, clock_.steady_now() + limits_.answer_ms);
  if (!answers_.is_set()) answers_.set(waiting->until);
  waiting_.emplace(id, waiting);
  enqueue(id, std::move(frame));
  static_cast<void>(co_await waiting->done.wait());
  forget(id);
  if (waiting->late) co_return Error{ErrorCode::kVaultSilent, "front: deadline"};
  if (!waiting->answer) co_return broken();
  co_return std::move(*waiting->answer);
}

// All wait equally long, so the oldest number is due first.
void VaultLink::give_up_late() {
  const auto now = clock_.steady_now();
  for (const auto& [id, waiting] : waiting_) {
    if (waiting->until > now) return answers_.set(waiting->until);
    waiting->late = !waiting->answer;
    waiting->done.set();
  }
}

bool VaultLink::report(const RefusalsFrame& refusals) {
  if (!wire_ || wire_->queue.size() >= kQueueMax) return false;
  auto frame = encode(FrontFrame(refusals));
  if (!frame) return false;
  enqueue(0, std::move(frame).value());
  return true;
}

}  // namespace certrelay
