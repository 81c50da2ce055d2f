#include "relay/front/session.hpp"

#include <utility>

#include "relay/front/answer_text.hpp"
#include "relay/front/second_opinion.hpp"

namespace certrelay {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kReadBytes = std::size_t{16} * 1024;  // one TLS record
constexpr std::string_view kLivePath = "/livez";

bool is_live_probe(Role role, const GateHead& head) {
  return role == Role::kMonitoring && head.method == HttpMethod::kGet && head.path == kLivePath;
}

// A listener without TLS has one peer: whoever reaches the loopback address.
PeerName local_peer() { return PeerName::parse("local").value(); }

}  // namespace

awaitable<void> Session::run() {
  // Not `while (co_await ...) {}`: g++ 12 never leaves such a loop when its body is empty.
  bool more = co_await open();
  while (more) more = co_await serve_one();
  phase_ = Phase::kEnding;
  deadline_.stop();
  stream_->abort();
}

// What `work` does with the stream, or `late` when it took longer than `time`: it is then cancelled
// and has ended before this returns. After work that only reads the stream can still be written to.
template <class T>
awaitable<Result<T>> Session::until(std::chrono::milliseconds time, ErrorCode late,
                                    awaitable<Result<T>> work, bool only_reads) {
  late_ = false;
  only_reads_ = only_reads;
  deadline_.set(front_.clock.steady_now() + time);
  auto result = co_await std::move(work);
  deadline_.lift();
  if (!result && late_) co_return Error{late, "deadline"};
  co_return result;
}

void Session::give_up_waiting() {
  const bool again = std::exchange(late_, true);
  if (again || !only_reads_) return stream_->abort();
  stream_->cancel();
  // A piece may arrive at this very instant, and whoever takes it reads on: not for long.
  deadline_.set(front_.clock.steady_now() + front_.limits.finish_ms);
}

void Session::abort() {
  phase_ = Phase::kEnding;
  stream_->abort();
}

std::optional<PeerName> Session::peer() const {
  if (phase_ == Phase::kHandshake) return std::nullopt;
  if (!leaf_) return local_peer();
  return front_.peers->match(*leaf_, front_.clock.utc_now());
}

// True when a configured peer is there, within its number of connections. Not one application byte
// has been sent when it is not (R44).
awaitable<bool> Session::open() {
  auto leaf = co_await until(front_.limits.handshake_ms, ErrorCode::kHandshakeTimeout,
                             stream_->open(front_.clock.utc_now()));
  if (!leaf) {
    front_.counters.add(std::nullopt, leaf.error().code);
    co_return false;
  }
  if (phase_ == Phase::kEnding) co_return false;
  leaf_ = std::move(leaf).value();
  phase_ = Phase::kIdle;
  const auto who = peer();
  if (!who) {
    front_.counters.add(std::nullopt, ErrorCode::kPeerUnknown);
    co_await finish();
    co_return false;
  }
  std::size_t connections = 0;
  for (const auto& [id, session] : front_.sessions) {
    if (session->phase() != Phase::kEnding && session->peer() == who) ++connections;
  }
  if (connections > front_.limits.connections_per_peer) {
    front_.counters.add(who, ErrorCode::kConnectionLimit);
    co_await finish();
    co_return false;
  }
  co_return true;
}

// One request from its first byte to its answer's last. False when the connection has ended.
awaitable<bool> Session::serve_one() {
  if (!co_await wait_for_request()) co_return false;
  const auto head_size =
      co_await until(front_.limits.head_ms, ErrorCode::kGateHeadTimeout, read_head(), true);
  // Asked at each request, so that a reload and an end of validity take effect.
  const auto who = peer();
  if (!who || !may_serve()) {
    co_await finish();
    co_return false;
  }
  auto head = head_size ? check(head_size.value()) : Result<GateHead>(head_size.error());
  if (!head) {
    co_await refuse(head.error().code);
    co_return false;
  }
  take(head_size.value());
  const auto method = head.value().method;
  bool close = head.value().close;
  const auto body = co_await until(front_.limits.body_ms, ErrorCode::kGateBodyTimeout,
                                   read_body(head.value().content_length), true);
  if (!body) {
    co_await refuse(body.error().code);
    co_return false;
  }
  const auto answer = co_await ask_vault(*who, std::move(head).value(), close);
  if (!answer) {
    co_await refuse(answer.error().code);
    co_return false;
  }
  co_return co_await write(answer.value(), method, close);
}

// The center's connections get no byte until the vault has passed its self-test (INV-12); the
// other roles' are answered.
bool Session::may_serve() const { return front_.role != Role::kCenter || front_.link.is_serving(); }

awaitable<bool> Session::wait_for_request() {
  if (phase_ == Phase::kEnding) co_return false;
  phase_ = Phase::kIdle;
  if (buffer_.empty()) {
    if (front_.draining) {
      co_await finish();
      co_return false;
    }
    const auto got =
        co_await until(front_.limits.idle_ms, ErrorCode::kConnectionEnded, fill(), true);
    if (!got) {
      co_await finish();
      co_return false;
    }
  }
  phase_ = Phase::kBusy;
  co_return true;
}

awaitable<Result<std::size_t>> Session::read_head() {
  while (true) {
    CERTRELAY_CO_TRY(const auto end, find_head_end(as_text(buffer_), front_.rules));
    if (end) co_return *end;
    CERTRELAY_CO_TRY(co_await fill());
  }
}

Result<GateHead> Session::check(std::size_t head_size) const {
  const std::string_view raw = as_text(buffer_).substr(0, head_size);
  CERTRELAY_TRY(auto head, check_head(raw, front_.rules));
  CERTRELAY_TRY(confirm_head(raw, head, front_.rules));
  return head;
}

awaitable<Result<std::size_t>> Session::read_body(std::size_t size) {
  while (buffer_.size() < size) {
    CERTRELAY_CO_TRY(co_await fill());
  }
  co_return size;
}

// Takes so many bytes off the buffer, without a copy when nothing follows them.
Bytes Session::take(std::size_t size) {
  if (buffer_.size() == size) return std::exchange(buffer_, {});
  const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(size);
  Bytes out(buffer_.begin(), end);
  buffer_.erase(buffer_.begin(), end);
  return out;
}

// `close` becomes true when the vault says so.
awaitable<Result<HttpAnswer>> Session::ask_vault(const PeerName& who, GateHead head, bool& close) {
  if (is_live_probe(front_.role, head)) co_return alive_answer();
  HttpRequest request{.method = head.method,
                      .path = std::move(head.path),
                      .headers = std::move(head.headers),
                      .body = take(head.content_length)};
  const bool page = front_.pages.is_page && front_.pages.is_page(request.path);
  if (page) {
    auto made = co_await make_page(who, std::move(request), close);
    if (!made) co_return made.error();
    CERTRELAY_CO_TRY(check_headers(made.value()));
    co_return made;
  }
  CERTRELAY_CO_TRY(auto frame, co_await front_.link.ask(who, std::move(request)));
  CERTRELAY_CO_TRY(check_headers(frame.answer));
  close = close || frame.close || front_.draining;
  co_return std::move(frame.answer);
}

// A page asks the vault as that peer and as nobody else.
awaitable<Result<HttpAnswer>> Session::make_page(PeerName who, HttpRequest request, bool& close) {
  bool ending = false;
  PageMaker::Ask ask = [this, who, &ending](HttpRequest call) -> awaitable<Result<HttpAnswer>> {
    CERTRELAY_CO_TRY(auto frame, co_await front_.link.ask(who, std::move(call)));
    ending = ending || frame.close;
    co_return std::move(frame.answer);
  };
  auto made = co_await front_.pages.answer(std::move(request), std::move(ask));
  close = close || ending || front_.draining;
  co_return made;
}

Result<void> Session::check_headers(const HttpAnswer& answer) const {
  for (const auto& header : answer.headers) {
    if (!may_answer_with(front_.rules, header.name)) {
      return Error{ErrorCode::kAnswerNotAllowed, "front: header of an answer"};
    }
  }
  return ok();
}

awaitable<Result<std::size_t>> Session::fill() {
  if (late_) co_return Error{ErrorCode::kConnectionEnded, "front: deadline"};
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  const auto got = co_await stream_->read_some(std::span(buffer_).subspan(before));
  buffer_.resize(before + (got ? got.value() : 0));
  co_return got;
}

// False when the connection has ended, by our will or the peer's.
awaitable<bool> Session::write(const HttpAnswer& answer, HttpMethod method, bool close) {
  const Bytes bytes = answer_bytes(answer, method, close, front_.clock.utc_now());
  const auto written = co_await until(front_.limits.write_ms, ErrorCode::kConnectionEnded,
                                      stream_->write_all(bytes));
  if (!written) co_return false;
  if (close) co_await finish();
  co_return !close;
}

// Says why, if the peer is still there, and ends the connection.
awaitable<void> Session::refuse(ErrorCode code) {
  if (code == ErrorCode::kConnectionEnded || phase_ == Phase::kEnding) co_return;
  front_.counters.add(peer(), code);
  static_cast<void>(co_await write(own_answer(code), HttpMethod::kGet, true));
}

awaitable<void> Session::finish() {
  if (phase_ == Phase::kEnding) co_return;
  phase_ = Phase::kEnding;
  const auto ended =
      co_await until(front_.limits.finish_ms, ErrorCode::kConnectionEnded, stream_->finish());
  static_cast<void>(ended.has_value());  // closed either way by run()
}

}  // namespace certrelay
